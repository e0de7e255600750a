#include "dissect/rdp/share/deactivate_all.h"

namespace remora::rdp {

DeactivateAll read_deactivate_all(Cursor& in) {
  return {.share_id = in.u32le_if_present("shareID")};
}

}  // namespace remora::rdp
