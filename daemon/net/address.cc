#include "daemon/net/address.h"

#include <algorithm>
#include <charconv>

namespace remora::net {
namespace {

constexpr std::size_t kMaxHost = 255;

[[nodiscard]] auto refuse(std::string_view text, std::string_view why) {
  return tl::unexpected{'\'' + std::string{text.substr(0, kMaxHost)} + "' " + std::string{why} +
                        "; expected HOST:PORT or [IPV6]:PORT"};
}

[[nodiscard]] std::optional<std::uint16_t> read_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc{} || rest != end) { return std::nullopt; }
  return port;
}

}  // namespace

tl::expected<Address, std::string> Address::parse(std::string_view text,
                                                  std::optional<std::uint16_t> default_port) {
  std::string_view host = text;
  std::optional<std::string_view> digits;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) { return refuse(text, "has no closing bracket"); }
    host = text.substr(1, close - 1);
    const auto rest = text.substr(close + 1);
    if (!rest.empty() && rest.front() != ':') { return refuse(text, "goes on behind its bracket"); }
    if (!rest.empty()) { digits = rest.substr(1); }
  } else if (std::ranges::count(text, ':') > 1) {
    return refuse(text, "has more than one colon; an IPv6 address stands in brackets");
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    digits = text.substr(colon + 1);
  }
  if (host.empty()) { return refuse(text, "names no host"); }
  if (host.size() > kMaxHost) { return refuse(text, "has too long a host"); }
  const auto printable = [](unsigned char byte) { return byte > ' ' && byte != 0x7f; };
  if (!std::ranges::all_of(host, printable)) { return refuse(text, "is no host"); }
  const auto port = digits.has_value() ? read_port(*digits) : default_port;
  if (!port.has_value()) {
    return refuse(text, digits.has_value() ? "has no port from 0 to 65535" : "has no port");
  }
  return Address{.host = std::string{host}, .port = *port};
}

std::string to_string(const Address& address) {
  const bool bracketed = address.host.find(':') != std::string::npos;
  return (bracketed ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

}  // namespace remora::net
