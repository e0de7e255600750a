#include "dissect/credssp/aad_dissector.h"

#include <string_view>

#include "dissect/credssp/rdp_start.h"

namespace remora::credssp {
namespace {

Verdict nothing(ByteView) {
  return Verdict::kNo;
}

/// RFC 8259 2, and the NUL that ends a message.
[[nodiscard]] bool is_between_messages(char c) {
  return c == '\0' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

std::size_t AadDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (bytes.empty()) { return 0; }
  if (lost_place_.at(index_of(from))) {
    const auto before = bytes_before_start(bytes, nothing);
    if (before > 0) { return before; }
    if (bytes.size() < kDataTpduMarkBytes) { return 0; }
    out.hand_over(kRdp);
    return 0;
  }
  auto& message = messages_.at(index_of(from));
  const auto first = as_text(bytes).front();
  if (message.open() || first == '{') {
    const auto used = message.on_bytes(bytes);
    if (!message.too_large()) { return used; }
    out.give_up(at, from, "rdsaad.message",
                {.field = "message", .offset = 0, .reason = "larger than any"});
    return bytes.size();
  }
  if (is_between_messages(first)) { return 1; }
  const auto rdp = begins_rdp(bytes);
  if (rdp == Verdict::kYes) { out.hand_over(kRdp); }
  if (rdp != Verdict::kNo) { return 0; }
  out.give_up(at, from, "rdsaad.message",
              {.field = "message", .offset = 0, .reason = "no JSON object"});
  return bytes.size();
}

void AadDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  lost_place_.at(index_of(from)) = true;
}

Verdict recognise_aad(ByteView first_bytes) {
  constexpr std::string_view kStart{"{\"ts_nonce\""};
  const auto text = as_text(first_bytes).substr(0, kStart.size());
  if (!kStart.starts_with(text)) { return Verdict::kNo; }
  return text.size() < kStart.size() ? Verdict::kMore : Verdict::kYes;
}

}  // namespace remora::credssp
