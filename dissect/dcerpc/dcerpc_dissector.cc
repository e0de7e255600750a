#include "dissect/dcerpc/dcerpc_dissector.h"

#include "dissect/dcerpc/auth_verifier.h"
#include "dissect/dcerpc/pdu_header.h"

namespace remora::dcerpc {
namespace {

/// Whether its verifier holds a token rather than a signature of what it carries.
[[nodiscard]] bool carries_token(PduType type) {
  switch (type) {
    case PduType::kBind:
    case PduType::kBindAck:
    case PduType::kAlterContext:
    case PduType::kAlterContextResponse:
    case PduType::kAuth3:
      return true;
    default:
      return false;
  }
}

[[nodiscard]] bool names_in_clear(AuthType type) {
  return type == AuthType::kGssNegotiate || type == AuthType::kWinNt ||
         type == AuthType::kGssKerberos;
}

}  // namespace

std::size_t DcerpcDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto extent = measure_pdu(bytes);
  auto& lost = lost_.at(index_of(from));
  if (extent.is_lost() || pdus_ >= kMaxPdus) {
    // After a hole the next PDU is looked for where the next piece begins.
    if (!lost || ++pdus_ > kMaxPdus) { out.leave(); }
    return bytes.size();
  }
  if (bytes.size() < kPduHeaderBytes) { return 0; }
  lost = false;
  const auto header = decode(bytes, read_pdu_header).value();
  if (!carries_token(header.type)) {
    ++pdus_;
    out.skip(header.frag_length - kPduHeaderBytes);
    return kPduHeaderBytes;
  }
  if (extent.needs_more()) { return 0; }
  ++pdus_;
  const auto verifier = find_auth_verifier(header, bytes.first(extent.size()));
  if (verifier && names_in_clear(verifier->type)) {
    authentication_.on_blob(from, verifier->value, at, out);
  }
  if (authentication_.answered()) { out.leave(); }
  return extent.size();
}

void DcerpcDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  lost_.at(index_of(from)) = true;
}

}  // namespace remora::dcerpc
