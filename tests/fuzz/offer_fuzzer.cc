// Any bytes as what an offer of Remote Assistance is made of, and the ways by which a novice is
// reached; the first byte says whose reader gets them. make_seeds.py knows the order.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "capture/base/cursor.h"
#include "capture/flow/stream.h"
#include "dissect/assistance_offer/help_blob.h"
#include "dissect/assistance_offer/novice_info.h"
#include "dissect/assistance_offer/remote_connection_parms.h"
#include "dissect/dcerpc/binding.h"
#include "dissect/dcerpc/call_pdu.h"
#include "dissect/dcerpc/dcerpc_dissector.h"
#include "dissect/dcom/activation.h"
#include "dissect/dcom/object_exporter.h"
#include "dissect/dcom/objref.h"
#include "dissect/dcom/remote_activation.h"
#include "dissect/encoding/text.h"
#include "dissect/pnrp/authority_buffer.h"
#include "dissect/pnrp/cpa.h"
#include "dissect/pnrp/easy_connect.h"
#include "dissect/pnrp/message.h"
#include "dissect/pnrp/pnrp_dissector.h"
#include "dissect/upnp/port_mapping_action.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/try_reader.h"

namespace remora::fuzz {
namespace {

/// A stub in both orders.
template <auto Read>
void try_stub(ByteView bytes) {
  for (const bool little : {true, false}) {
    (void)decode(bytes, [little](Cursor& in) {
      ndr::NdrReader reader{in, little};
      return Read(reader);
    });
  }
}

void demand_printable(const std::string& text) {
  demand(encoding::is_printable(as_bytes(text)), "what is told is printable UTF-8");
}

/// Several datagrams of one flow, each behind its length and side.
void try_pnrp(ByteView bytes) {
  const Context context{.keys = {}, .scan_streams = false, .open_easy_connect = true};
  pnrp::PnrpDissector dissector{context};
  Findings out;
  while (bytes.size() >= 2) {
    const std::size_t head = to_u8(bytes[0]) | (to_u8(bytes[1]) << 8U);
    bytes = bytes.subspan(2);
    const auto one = bytes.first(std::min<std::size_t>(head & 0x7fffU, bytes.size()));
    bytes = bytes.subspan(one.size());
    dissector.on_datagram({.from = (head & 0x8000U) == 0 ? Side::kInitiator : Side::kAcceptor,
                           .source = {},
                           .destination = {},
                           .bytes = one,
                           .at = {}},
                          out);
  }
}

void try_blob(ByteView bytes) {
  const auto account = assistance_offer::parse_help_blob(encoding::to_utf8(bytes));
  demand_printable(account.user + account.domain);
}

void try_soap(ByteView bytes) {
  const auto text = as_text(bytes);
  const auto action = upnp::read_action("urn:x:WANIPConnection:1#AddPortMapping", text);
  demand(action.protocol.empty() || action.protocol.size() == 3, "a protocol has its name");
  (void)upnp::read_external_address(text);
}

using Try = void (*)(ByteView);
constexpr std::array<Try, 17> kTries{
    &try_reader<&dcerpc::read_bind>,
    &try_reader<&dcerpc::read_bind_ack>,
    &try_reader<&dcerpc::read_request_head>,
    &try_stub<&dcom::read_remote_create_instance>,
    &try_stub<&dcom::read_activation_reply>,
    &try_stub<&dcom::read_remote_activation>,
    &try_stub<&dcom::read_server_alive2>,
    &try_stub<&assistance_offer::read_connection_parms>,
    &try_stub<&assistance_offer::read_connection_parms_reply>,
    &try_stub<&assistance_offer::read_novice_user_info_reply>,
    &try_stub<&assistance_offer::read_session_info_reply>,
    &try_blob,
    &try_pnrp,
    &try_reader<&pnrp::read_authority_buffer>,
    &try_reader<&pnrp::read_cpa>,
    [](ByteView bytes) { (void)pnrp::open_payload("30E3DBFB314B409A70BCCE744CADE65F", bytes); },
    &try_soap,
};

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace remora::fuzz;
  if (size == 0) { return 0; }
  const auto bytes = std::as_bytes(std::span{data, size});
  kTries.at(static_cast<std::size_t>(data[0]) % kTries.size())(bytes.subspan(1));
  return 0;
}
