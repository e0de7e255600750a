#include "dissect/rdp/gcc/client_multitransport.h"

namespace remora::rdp {

ClientMessageChannel read_client_message_channel(Cursor& in) {
  return {.flags = in.u32le("flags")};
}

ClientMultitransport read_client_multitransport(Cursor& in) {
  return {.flags = in.u32le("flags")};
}

}  // namespace remora::rdp
