#include "dissect/rdp/gcc/server_multitransport.h"

namespace remora::rdp {

ServerMessageChannel read_server_message_channel(Cursor& in) {
  return {.mcs_channel_id = in.u16le("MCSChannelID")};
}

ServerMultitransport read_server_multitransport(Cursor& in) {
  return {.flags = in.u32le("flags")};
}

}  // namespace remora::rdp
