#include "dissect/proxy/socks5_dissector.h"

#include <utility>

#include "dissect/proxy/destination.h"
#include "dissect/proxy/socks5.h"

namespace remora::proxy {
namespace {

constexpr const char* kRule = "proxy.socks5";
constexpr std::uint8_t kLoginVersion = 1;
constexpr std::size_t kShortAnswerBytes = 2;  // VER, METHOD or STATUS

/// For flows that are not what their beginning promised.
std::size_t leave(Findings& out) {
  out.leave();
  return 0;
}

}  // namespace

std::size_t Socks5Dissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (!client_.has_value()) { client_ = from; }
  return from == *client_ ? on_client(bytes, at, out) : on_proxy(bytes, at, out);
}

std::size_t Socks5Dissector::on_client(ByteView bytes, Instant at, Findings& out) {
  if (stage_ == Stage::kGreeting) {
    const auto greeting = measure_socks5_greeting(bytes);
    if (greeting.needs_more()) { return 0; }
    if (greeting.is_lost()) { return leave(out); }
    stage_ = Stage::kRequest;
    return greeting.size();
  }
  if (stage_ == Stage::kAnswer) {
    // Where the proxy has spoken before, its answer comes late; else its side was not captured.
    if (!method_.has_value() && bytes.size() > kPatience) { out.hand_over_to_any(); }
    return 0;
  }
  return to_u8(bytes[0]) == kLoginVersion ? on_login(bytes, out) : on_request(bytes, at, out);
}

std::size_t Socks5Dissector::on_login(ByteView bytes, Findings& out) {
  if (method_.value_or(kUserAndPassword) != kUserAndPassword) { return leave(out); }
  // A GSSAPI message begins alike (RFC 1961 3.3): the proxy's choice tells which it is.
  if (!method_.has_value() && bytes.size() <= kPatience) { return 0; }
  const auto login = measure_socks5_login(bytes);
  if (login.needs_more()) { return 0; }
  if (login.is_lost()) { return leave(out); }
  if (auto user = decode(bytes.first(login.size()), read_socks5_login)) {
    user_ = std::move(*user);
  }
  return login.size();
}

std::size_t Socks5Dissector::on_request(ByteView bytes, Instant at, Findings& out) {
  const auto extent = measure_socks5_message(bytes);
  if (extent.needs_more()) { return 0; }
  if (extent.is_lost()) { return leave(out); }
  const auto request = decode(bytes.first(extent.size()), read_socks5_message);
  if (!request.has_value() || request->code != kSocks5Connect) { return leave(out); }
  observation::ProxyAsked asked{.kind = observation::ProxyKind::kSocks5, .user = user_};
  if (request->address.has_value()) {
    asked.target = SocketAddress{.address = *request->address, .port = Port{request->port}};
  } else {
    set_target(asked, request->name, request->port);
  }
  stage_ = Stage::kAnswer;
  out.observe(at, *client_, kRule, std::move(asked));
  return extent.size();
}

std::size_t Socks5Dissector::on_proxy(ByteView bytes, Instant at, Findings& out) {
  if (to_u8(bytes[0]) == kLoginVersion) {
    if (bytes.size() < kShortAnswerBytes) { return 0; }
    return to_u8(bytes[1]) == 0 ? kShortAnswerBytes : leave(out);
  }
  if (method_.has_value()) { return on_reply(bytes, at, out); }
  // Behind the request a reply may come at once: the method was not captured, or before the
  // greeting. Its third byte is RSV = 0; that of a method's successor is a version.
  if (stage_ == Stage::kAnswer) {
    if (bytes.size() <= kShortAnswerBytes) { return 0; }
    if (to_u8(bytes[kShortAnswerBytes]) == 0) { return on_reply(bytes, at, out); }
  }
  return on_method(bytes, out);
}

std::size_t Socks5Dissector::on_method(ByteView bytes, Findings& out) {
  constexpr std::uint8_t kVersion = 5;
  if (to_u8(bytes[0]) != kVersion) { return leave(out); }
  if (bytes.size() < kShortAnswerBytes) { return 0; }
  method_ = to_u8(bytes[1]);
  if (*method_ == kGssApi || *method_ == kNoAcceptableMethod) { return leave(out); }
  return kShortAnswerBytes;
}

std::size_t Socks5Dissector::on_reply(ByteView bytes, Instant at, Findings& out) {
  if (stage_ != Stage::kAnswer) { return 0; }
  const auto extent = measure_socks5_message(bytes);
  if (extent.needs_more()) { return 0; }
  if (extent.is_lost()) { return leave(out); }
  const auto reply = decode(bytes.first(extent.size()), read_socks5_message);
  if (!reply.has_value()) { return leave(out); }
  const bool granted = reply->code == kSocks5Succeeded;
  observation::ProxyAnswered answered{.granted = granted, .code = reply->code};
  if (granted && reply->address.value_or(IpAddress{}) != IpAddress{}) {
    answered.bound = SocketAddress{.address = *reply->address, .port = Port{reply->port}};
  }
  out.observe(at, other(*client_), kRule, answered);
  if (!granted) {
    out.leave();
  } else {
    out.hand_over_to_any();
  }
  return extent.size();
}

void Socks5Dissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& out) {
  out.hand_over_to_any();
}

}  // namespace remora::proxy
