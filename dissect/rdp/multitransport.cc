#include "dissect/rdp/multitransport.h"

namespace remora::rdp {

InitiateMultitransportRequest read_initiate_multitransport_request(Cursor& in) {
  const auto request_id = in.u32le("requestId");
  const auto requested_protocol = in.u16le("requestedProtocol");
  in.skip(2, "reserved");
  return {.request_id = request_id,
          .requested_protocol = requested_protocol,
          .security_cookie = in.bytes(16, "securityCookie")};
}

}  // namespace remora::rdp
