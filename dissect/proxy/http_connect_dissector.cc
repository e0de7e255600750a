#include "dissect/proxy/http_connect_dissector.h"

#include "dissect/proxy/destination.h"
#include "dissect/proxy/http_connect.h"

namespace remora::proxy {
namespace {

constexpr const char* kRule = "proxy.http_connect";
constexpr std::uint16_t kAuthenticationRequired = 407;  // RFC 9110 15.5.8

std::size_t leave(Findings& out) {
  out.leave();
  return 0;
}

}  // namespace

std::size_t HttpConnectDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (!client_.has_value()) { client_ = from; }
  return from == *client_ ? on_client(bytes, at, out) : on_proxy(bytes, at, out);
}

std::size_t HttpConnectDissector::on_client(ByteView bytes, Instant at, Findings& out) {
  if (asked_) {
    if (!refused_before_ && bytes.size() > kPatience) { out.hand_over_to_any(); }
    return 0;
  }
  const auto head = measure_head(bytes);
  if (head.needs_more()) { return 0; }
  if (head.is_lost()) { return leave(out); }
  auto request = read_connect_request(bytes.first(head.size()));
  if (!request.has_value()) { return leave(out); }
  observation::ProxyAsked asked{.kind = observation::ProxyKind::kHttpConnect,
                                .user = std::move(request->user)};
  set_target(asked, request->host, request->port);
  asked_ = true;
  out.observe(at, *client_, kRule, std::move(asked));
  return head.size();
}

std::size_t HttpConnectDissector::on_proxy(ByteView bytes, Instant at, Findings& out) {
  if (!asked_) { return 0; }
  const auto head = measure_head(bytes);
  if (head.needs_more()) { return 0; }
  if (head.is_lost()) { return leave(out); }
  const auto answer = read_connect_answer(bytes.first(head.size()));
  if (!answer.has_value()) { return leave(out); }
  if (answer->status < 200) { return head.size(); }  // RFC 9110 15.2: another one follows
  const bool granted = answer->status < 300;
  out.observe(at, other(*client_), kRule,
              observation::ProxyAnswered{.granted = granted, .code = answer->status});
  if (granted) {
    out.hand_over_to_any();
  } else if (answer->status == kAuthenticationRequired && !answer->chunked) {
    out.skip(answer->content_length.value_or(0));
    asked_ = false;
    refused_before_ = true;
  } else {
    out.leave();
  }
  return head.size();
}

void HttpConnectDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/,
                                  Findings& out) {
  out.hand_over_to_any();
}

}  // namespace remora::proxy
