#include "dissect/gateway/gateway_dissector.h"

#include <utility>

#include "dissect/gateway/family.h"

namespace remora::gateway {
namespace {

constexpr const char* kRule = "gateway.http";
constexpr std::uint16_t kSwitchingProtocols = 101;
constexpr std::uint16_t kOk = 200;
/// [MS-TSGU] 3.3.5.1: a body of random bytes, so that proxies begin to pass on.
constexpr std::uint64_t kRandomBodyBytes = 100;
/// LIMIT: of a request's body that is passed over; a longer one is the channel itself.
constexpr std::uint64_t kMaxBodyBytes = 4096;

observation::GatewaySeen::Transport transport_of(const GatewayRequest& request) {
  using Transport = observation::GatewaySeen::Transport;
  if (request.websocket) { return Transport::kWebSocket; }
  const bool rpc = request.method == Method::kRpcInData || request.method == Method::kRpcOutData;
  return rpc ? Transport::kRpcOverHttp : Transport::kHttp;
}

}  // namespace

std::size_t GatewayDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (!client_.has_value()) { client_ = from; }
  return from == *client_ ? on_client(bytes, at, out) : on_server(bytes, at, out);
}

std::size_t GatewayDissector::on_client(ByteView bytes, Instant at, Findings& out) {
  if (asked_.has_value()) {
    if (bytes.size() > kMaxUnanswered) { out.finish(); }
    return 0;
  }
  const auto head = measure_head(bytes);
  if (head.needs_more()) { return 0; }
  auto request = head.is_whole() ? read_request(bytes.first(head.size())) : std::nullopt;
  if (!request.has_value()) {
    out.finish();
    return 0;
  }
  tell(*request, at, out);
  if (request->content_length <= kMaxBodyBytes) { out.skip(request->content_length); }
  asked_ = std::move(request);
  return head.size();
}

void GatewayDissector::tell(const GatewayRequest& request, Instant at, Findings& out) {
  const observation::GatewaySeen seen{.transport = transport_of(request),
                                      .gateway_name = request.host,
                                      .connection_id = request.connection_id,
                                      .correlation_id = request.correlation_id,
                                      .user = request.user,
                                      .domain = request.domain};
  if (told_ == seen) { return; }  // the same request again, with credentials
  out.observe(at, *client_, kRule, seen);
  told_ = seen;
  if (seen.transport == observation::GatewaySeen::Transport::kRpcOverHttp) { out.finish(); }
}

std::size_t GatewayDissector::on_server(ByteView bytes, Instant /*at*/, Findings& out) {
  if (!asked_.has_value()) { return 0; }
  const auto head = measure_head(bytes);
  if (head.needs_more()) { return 0; }
  const auto answer = head.is_whole() ? read_answer(bytes.first(head.size())) : std::nullopt;
  if (!answer.has_value()) {
    out.finish();
    return 0;
  }
  go_on(*answer, out);
  return head.size();
}

void GatewayDissector::go_on(const GatewayAnswer& answer, Findings& out) {
  if (answer.status == kSwitchingProtocols) {
    out.hand_over(kWebSocket);
  } else if (answer.status < kOk) {
    return;  // RFC 9110 15.2: another one follows
  } else if (answer.status == kOk && asked_->method != Method::kGet) {
    out.skip(kRandomBodyBytes);
    out.hand_over(asked_->method == Method::kRdgInData && asked_->chunked ? kChunked : kOneWay);
  } else if (answer.chunked) {
    out.finish();
  } else {
    out.skip(answer.content_length);
  }
  asked_.reset();
}

void GatewayDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/,
                              Findings& out) {
  out.finish();
}

}  // namespace remora::gateway
