#include "dissect/credssp/credssp_dissector.h"

#include <string>
#include <utility>

#include "dissect/credssp/rdp_start.h"
#include "dissect/credssp/status_names.h"

namespace remora::credssp {
namespace {

using observation::Authentication;

constexpr std::uint8_t kSequence = 0x30;
constexpr std::size_t kResultBytes = 4;
// authorizationResult, [MS-RDPBCGR] 2.2.10.2.
constexpr std::uint32_t kSuccess = 0;
constexpr std::uint32_t kAccessDenied = 5;

void give_up(Instant at, Side from, std::string why, Findings& out) {
  out.give_up(at, from, "credssp.ts_request",
              {.field = "TSRequest", .offset = 0, .reason = std::move(why)});
}

}  // namespace

std::size_t CredSspDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (bytes.empty()) { return 0; }
  auto& lost_place = lost_place_.at(index_of(from));
  if (lost_place) {
    const auto before = bytes_before_start(bytes, recognise_ts_request);
    if (before > 0) { return before; }
    const auto ts_request = recognise_ts_request(bytes);
    const bool undecided = ts_request == Verdict::kNo ? bytes.size() < kDataTpduMarkBytes
                                                      : ts_request == Verdict::kMore;
    if (undecided) { return 0; }
    lost_place = false;
  }
  if (to_u8(bytes.front()) == kSequence) { return on_ts_request(from, bytes, at, out); }
  const auto rdp = begins_rdp(bytes);
  if (rdp == Verdict::kNo) { return on_result(from, bytes, at, out); }
  const auto next = rdp == Verdict::kYes ? what_begins(bytes) : std::nullopt;
  if (next.has_value()) { out.hand_over(*next); }
  return 0;
}

void CredSspDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/,
                              Findings& /*out*/) {
  lost_place_.at(index_of(from)) = true;
}

std::size_t CredSspDissector::on_ts_request(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto extent = measure_ts_request(bytes);
  if (extent.needs_more()) { return 0; }
  if (extent.is_lost()) {
    give_up(at, from, std::string{extent.why()}, out);
    return bytes.size();
  }
  const auto request = decode(bytes.first(extent.size()), read_ts_request);
  if (!request) {
    out.observe(at, from, "credssp.ts_request",
                observation::Damage{.what = request.error().to_text()});
    return extent.size();
  }
  for (const auto token : request->nego_tokens) { negotiation_.on_token(from, token, at, out); }
  // The client speaks first; what NTLM and Kerberos say of it is surer.
  client_ = negotiation_.client().value_or(client_.value_or(from));
  if (from == *client_) {
    client_bound_ = client_bound_ || request->pub_key_auth;
  } else {
    on_server(*request, from, at, out);
  }
  return extent.size();
}

void CredSspDissector::on_server(const TsRequest& request, Side from, Instant at, Findings& out) {
  if (request.error_code.has_value()) {
    refuse("credssp.error_code", named_status(*request.error_code), from, at, out);
  } else if (request.pub_key_auth && client_bound_ && !let_in_) {
    let_in_ = true;
    out.observe(
        at, from, "credssp.pub_key_auth",
        Authentication{.method = negotiation_.method(), .step = Authentication::Step::kSucceeded});
  }
}

std::size_t CredSspDissector::on_result(Side from, ByteView bytes, Instant at, Findings& out) {
  if (from == client_) {
    give_up(at, from, "neither a TSRequest nor TPKT", out);
    return bytes.size();
  }
  if (bytes.size() < kResultBytes) { return 0; }
  Cursor in{bytes};
  const auto result = in.u32le("authorizationResult");
  if (result == kSuccess) {
    out.hand_over(kRdp);
  } else if (result == kAccessDenied) {
    refuse("credssp.early_user_authorization", named_authorization_result(result), from, at, out);
  } else {
    give_up(at, from, "neither a TSRequest nor an authorization result", out);
  }
  return kResultBytes;
}

/// The client ends the connection then, [MS-CSSP] 3.1.5.
void CredSspDissector::refuse(const char* rule, observation::NamedCode error, Side from, Instant at,
                              Findings& out) {
  out.observe(at, from, rule,
              Authentication{.method = negotiation_.method(),
                             .step = Authentication::Step::kFailed,
                             .error = std::move(error)});
  out.finish();
}

}  // namespace remora::credssp
