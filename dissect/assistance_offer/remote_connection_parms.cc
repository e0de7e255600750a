#include "dissect/assistance_offer/remote_connection_parms.h"

#include "dissect/assistance_offer/bstr.h"
#include "dissect/dcom/orpc.h"
#include "dissect/encoding/utf16.h"

namespace remora::assistance_offer {

ConnectionParmsRequest read_connection_parms(ndr::NdrReader& in) {
  ConnectionParmsRequest request;
  dcom::read_orpcthis(in);
  request.novice.user = encoding::utf16le_to_utf8(read_bstr_parameter(in));
  request.novice.domain = encoding::utf16le_to_utf8(read_bstr_parameter(in));
  request.session_id = in.u32("lSessionID");
  request.expert = parse_help_blob(encoding::utf16le_to_utf8(read_bstr_parameter(in)));
  return request;
}

ConnectionStringReply read_connection_parms_reply(ndr::NdrReader& in) {
  ConnectionStringReply reply;
  dcom::read_orpcthat(in);
  reply.connection_string = read_bstr_parameter(in);
  reply.result = in.u32("result");
  return reply;
}

}  // namespace remora::assistance_offer
