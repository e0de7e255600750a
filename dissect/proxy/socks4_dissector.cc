#include "dissect/proxy/socks4_dissector.h"

#include "dissect/proxy/destination.h"
#include "dissect/proxy/socks4.h"

namespace remora::proxy {
namespace {

const char* rule(bool is_4a) {
  return is_4a ? "proxy.socks4a" : "proxy.socks4";
}

}  // namespace

std::size_t Socks4Dissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (!client_.has_value()) { client_ = from; }
  return from == *client_ ? on_client(bytes, at, out) : on_proxy(bytes, at, out);
}

std::size_t Socks4Dissector::on_client(ByteView bytes, Instant at, Findings& out) {
  if (asked_) {
    if (bytes.size() > kPatience) { out.hand_over_to_any(); }
    return 0;
  }
  const auto extent = measure_socks4_request(bytes);
  if (extent.needs_more()) { return 0; }
  const auto request =
      decode(bytes.first(extent.is_whole() ? extent.size() : bytes.size()), read_socks4_request);
  if (extent.is_lost() || !request.has_value()) {
    out.leave();
    return 0;
  }
  observation::ProxyAsked asked{.kind = observation::ProxyKind::kSocks4, .user = request->user};
  if (request->is_4a) {
    asked.kind = observation::ProxyKind::kSocks4a;
    set_target(asked, request->host_name, request->port);
  } else {
    asked.target = SocketAddress{.address = request->address, .port = Port{request->port}};
  }
  asked_ = true;
  is_4a_ = request->is_4a;
  out.observe(at, *client_, rule(is_4a_), std::move(asked));
  return extent.size();
}

std::size_t Socks4Dissector::on_proxy(ByteView bytes, Instant at, Findings& out) {
  // Where the capture has the reply before the request, it waits.
  if (!asked_ || bytes.size() < kSocks4ReplyBytes) { return 0; }
  const auto reply = decode(bytes.first(kSocks4ReplyBytes), read_socks4_reply);
  // Version 0 by the text; some proxies send 4.
  if (!reply.has_value() || to_u8(bytes[0]) > 4 || reply->code < kSocks4Granted ||
      reply->code > kSocks4Granted + 3) {
    out.leave();
    return 0;
  }
  const bool granted = reply->code == kSocks4Granted;
  observation::ProxyAnswered answered{.granted = granted, .code = reply->code};
  if (granted && reply->bound != SocketAddress{}) { answered.bound = reply->bound; }
  out.observe(at, other(*client_), rule(is_4a_), answered);
  if (granted) {
    out.hand_over_to_any();
  } else {
    out.leave();
  }
  return kSocks4ReplyBytes;
}

void Socks4Dissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& out) {
  out.hand_over_to_any();
}

}  // namespace remora::proxy
