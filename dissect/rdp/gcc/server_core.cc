#include "dissect/rdp/gcc/server_core.h"

namespace remora::rdp {

ServerCore read_server_core(Cursor& in) {
  return {.version = in.u32le("version"),
          .client_requested_protocols = in.u32le_if_present("clientRequestedProtocols"),
          .early_capability_flags = in.u32le_if_present("earlyCapabilityFlags")};
}

}  // namespace remora::rdp
