#include "dissect/rdp/share/control.h"

namespace remora::rdp {

Control read_control(Cursor& in) {
  return {.action = ControlAction{in.u16le("action")},
          .grant_id = in.u16le("grantId"),
          .control_id = in.u32le("controlId")};
}

}  // namespace remora::rdp
