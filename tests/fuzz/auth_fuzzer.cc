// Any bytes as what a login is made of; the first byte says whose reader gets them. make_seeds.py
// knows the order.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "capture/base/cursor.h"
#include "capture/flow/stream.h"
#include "dissect/dcerpc/auth_verifier.h"
#include "dissect/dcerpc/pdu_header.h"
#include "dissect/encoding/base64.h"
#include "dissect/encoding/text.h"
#include "dissect/http_head/http_head.h"
#include "dissect/kdc/datagrams.h"
#include "dissect/kdc/kdc_dissector.h"
#include "dissect/kerberos/messages.h"
#include "dissect/ntlm/messages.h"
#include "dissect/smb/framing.h"
#include "dissect/smb/smb1.h"
#include "dissect/smb/smb2.h"
#include "dissect/spnego/authentication.h"
#include "dissect/spnego/mech_token.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/try_reader.h"

namespace remora::fuzz {
namespace {

template <auto Measure>
void try_measure(ByteView bytes) {
  const Extent extent = Measure(bytes);
  demand(!extent.is_whole() || (extent.size() > 0 && extent.size() <= bytes.size()),
         "a whole PDU is there");
  demand(!extent.is_lost() || !extent.why().empty(), "who is lost says why");
}

void demand_text(const std::string& text) {
  demand(encoding::is_printable(as_bytes(text)), "what is told is printable UTF-8");
}

void demand_names(const Findings& out) {
  using namespace observation;
  for (const auto& finding : out.found()) {
    if (const auto* end = std::get_if<EndNamed>(&finding.what)) {
      demand(!end->name.empty() && end->name.size() <= 255, "a name has 1 to 255 bytes");
      demand_text(end->name);
    } else if (const auto* name = std::get_if<NameLearned>(&finding.what)) {
      demand(!name->name.empty() && name->name.size() <= 255, "a name has 1 to 255 bytes");
      demand_text(name->name);
    } else if (const auto* account = std::get_if<EndAccount>(&finding.what)) {
      demand_text(account->user + account->domain + account->service);
    } else if (const auto* seen = std::get_if<AccountSeen>(&finding.what)) {
      demand_text(seen->user + seen->domain + seen->service);
    } else {
      demand(false, "only names and accounts are told");
    }
  }
}

/// A blob of one side, then the same of the other.
void try_authentication(ByteView bytes) {
  const auto token = spnego::find_mech_token(bytes);
  demand(token.bytes.size() <= bytes.size(), "a token lies in the input");
  spnego::Authentication authentication;
  Findings out;
  authentication.on_blob(Side::kInitiator, bytes, {}, out);
  authentication.on_blob(Side::kAcceptor, bytes, {}, out);
  demand_names(out);
}

void try_datagram(ByteView bytes) {
  const Datagram datagram{.from = Side::kInitiator,
                          .source = {.address = {}, .port = Port{88}},
                          .destination = {.address = {}, .port = Port{50000}},
                          .bytes = bytes,
                          .at = {}};
  (void)kdc::recognise_datagram(datagram);
  Findings out;
  kdc::read_datagram(datagram, out);
  demand_names(out);
}

void try_smb2(ByteView bytes) {
  (void)decode(bytes, smb::read_smb2_header);
  (void)smb::smb2_tree_path(bytes);
  (void)smb::smb2_security_blob(bytes, false);
  (void)smb::smb2_security_blob(bytes, true);
}

void try_rpc(ByteView bytes) {
  try_measure<&dcerpc::measure_pdu>(bytes);
  const auto header = decode(bytes, dcerpc::read_pdu_header);
  if (header) { (void)dcerpc::find_auth_verifier(*header, bytes); }
}

using Try = void (*)(ByteView);
constexpr std::array<Try, 15> kTries{
    &try_authentication,
    &try_reader<&ntlm::read_message>,
    [](ByteView bytes) { (void)ntlm::read_target_info(bytes); },
    &try_reader<&kerberos::read_message>,
    &try_datagram,
    &try_measure<&kdc::measure_kdc_message>,
    [](ByteView bytes) { (void)smb::recognise(bytes); },
    &try_reader<&smb::read_session_request>,
    &try_reader<&smb::read_smb1_message>,
    &try_smb2,
    &try_rpc,
    [](ByteView bytes) { (void)dcerpc::recognise(bytes); },
    &try_measure<&http_head::measure_http_head>,
    &try_reader<&http_head::read_http_head>,
    [](ByteView bytes) { (void)encoding::from_base64(as_text(bytes)); },
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
