#include "dissect/proxy/destination.h"

#include <charconv>

#include "dissect/encoding/text.h"

namespace remora::proxy {

std::optional<IpAddress> to_address(ByteView bytes) {
  if (bytes.size() == 4) { return IpAddress::v4(bytes.first<4>()); }
  if (bytes.size() == 16) { return IpAddress::v6(bytes.first<16>()); }
  return std::nullopt;
}

std::optional<std::uint16_t> to_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data(), end, port);
  if (text.empty() || error != std::errc{} || read_to != end) { return std::nullopt; }
  return port;
}

void set_target(observation::ProxyAsked& asked, std::string_view host, std::uint16_t port) {
  if (host.starts_with('[') && host.ends_with(']')) { host = host.substr(1, host.size() - 2); }
  if (const auto address = IpAddress::parse(host)) {
    asked.target = SocketAddress{.address = *address, .port = Port{port}};
  } else {
    asked.target_name = encoding::to_utf8(as_bytes(host));
    asked.target_port = port;
  }
}

}  // namespace remora::proxy
