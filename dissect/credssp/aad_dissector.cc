#include "dissect/credssp/aad_dissector.h"

#include <string_view>
#include <utility>

#include "dissect/credssp/aad_message.h"
#include "dissect/credssp/rdp_start.h"

namespace remora::credssp {
namespace {

using observation::Authentication;

Verdict nothing(ByteView) {
  return Verdict::kNo;
}

/// RFC 8259 2, and the NUL that ends a message.
[[nodiscard]] bool is_between_messages(char c) {
  return c == '\0' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

void AadDissector::on_message(std::string_view message, Side from, Instant at, Findings& out) {
  if (!server_.has_value() && is_aad_nonce(message)) { server_ = from; }
  if (!server_.has_value()) { return; }
  if (from != *server_) {
    auto account = aad_account(message);
    if (!account.has_value()) { return; }
    out.observe(at, from, "rdsaad.authentication_request",
                Authentication{.method = Authentication::Method::kRdsAad,
                               .step = Authentication::Step::kIdentity,
                               .user = std::move(account->user),
                               .domain = std::move(account->domain)});
  } else if (auto result = aad_result(message)) {
    Authentication told{.method = Authentication::Method::kRdsAad,
                        .step = Authentication::Step::kSucceeded};
    if (result->code != 0) {
      told.step = Authentication::Step::kFailed;
      told.error = std::move(*result);
    }
    out.observe(at, from, "rdsaad.authentication_result", std::move(told));
  }
}

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
  if (first == '{') {
    auto& seen = seen_.at(index_of(from));
    seen += message.on_bytes(bytes.subspan(seen));
    if (message.too_large()) {
      out.give_up(at, from, "rdsaad.message",
                  {.field = "message", .offset = 0, .reason = "larger than any"});
      return bytes.size();
    }
    if (message.open()) { return 0; }
    const auto size = std::exchange(seen, 0);
    on_message(as_text(bytes.first(size)), from, at, out);
    return size;
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
