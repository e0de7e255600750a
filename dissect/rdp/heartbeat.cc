#include "dissect/rdp/heartbeat.h"

namespace remora::rdp {

observation::HeartbeatSeen read_heartbeat(Cursor& in) {
  in.skip(1, "reserved");
  return {.period = in.u8("period"),
          .missed_before_warning = in.u8("count1"),
          .missed_before_reconnect = in.u8("count2")};
}

}  // namespace remora::rdp
