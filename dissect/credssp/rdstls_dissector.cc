#include "dissect/credssp/rdstls_dissector.h"

#include <string>
#include <utility>

#include "dissect/credssp/rdp_start.h"
#include "dissect/credssp/rdstls_pdu.h"
#include "dissect/credssp/status_names.h"

namespace remora::credssp {
namespace {

using observation::Authentication;

constexpr const char* kRequestRule = "rdstls.authentication_request";
constexpr const char* kResponseRule = "rdstls.authentication_response";

/// Behind a hole nothing is sought but RDP: the PDUs are too weak a mark.
Verdict nothing(ByteView) {
  return Verdict::kNo;
}

void on_request(ByteView pdu, Side from, Instant at, Findings& out) {
  auto request = decode(pdu, [](Cursor& in) {
    const auto header = read_rdstls_header(in);
    const bool password =
        header.data_type == static_cast<std::uint16_t>(RdstlsCredentials::kPassword);
    return password ? read_rdstls_password_request(in) : RdstlsAuthenticationRequest{};
  });
  if (!request || request->user.empty()) { return; }
  out.observe(at, from, kRequestRule,
              Authentication{.method = Authentication::Method::kRdstls,
                             .step = Authentication::Step::kIdentity,
                             .user = std::move(request->user),
                             .domain = std::move(request->domain)});
}

void on_response(ByteView pdu, Side from, Instant at, Findings& out) {
  Cursor in{pdu};
  in.skip(kRdstlsHeaderBytes, "header");
  const auto result = in.u32le("ResultCode");
  Authentication told{.method = Authentication::Method::kRdstls,
                      .step = Authentication::Step::kSucceeded};
  if (result == 0) {
    out.hand_over(kRdp);
  } else {
    told.step = Authentication::Step::kFailed;
    told.error = named_rdstls_result(result);
    out.finish();
  }
  out.observe(at, from, kResponseRule, std::move(told));
}

}  // namespace

std::size_t RdstlsDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& lost_place = lost_place_.at(index_of(from));
  if (lost_place) {
    const auto before = bytes_before_start(bytes, nothing);
    if (before > 0) { return before; }
    if (bytes.size() < kDataTpduMarkBytes) { return 0; }
  }
  const auto rdp = begins_rdp(bytes);
  if (rdp == Verdict::kYes) { out.hand_over(kRdp); }
  if (rdp != Verdict::kNo) { return 0; }
  const auto extent = measure_rdstls_pdu(bytes);
  if (extent.needs_more()) { return 0; }
  if (extent.is_lost()) {
    // Other credentials than the specification has: the server's answer follows all the same.
    out.observe(at, from, "rdstls.pdu",
                observation::Damage{.what = "pdu at 0: " + std::string{extent.why()}});
    lost_place = true;
    return 1;
  }
  const auto pdu = bytes.first(extent.size());
  Cursor in{pdu};
  const auto type = read_rdstls_header(in).type;
  if (!may_say(type, from)) { return extent.size(); }
  if (type == RdstlsType::kAuthenticationRequest) { on_request(pdu, from, at, out); }
  if (type == RdstlsType::kAuthenticationResponse) { on_response(pdu, from, at, out); }
  return extent.size();
}

bool RdstlsDissector::may_say(RdstlsType type, Side from) {
  const bool is_clients = type == RdstlsType::kAuthenticationRequest;
  if (!server_.has_value()) { server_ = is_clients ? other(from) : from; }
  return (from == *server_) != is_clients;
}

void RdstlsDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  lost_place_.at(index_of(from)) = true;
}

}  // namespace remora::credssp
