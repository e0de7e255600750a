#include "capture/base/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdio>

namespace remora {

IpAddress IpAddress::v4(std::span<const std::byte, 4> bytes) {
  IpAddress address;
  address.assign_v4(bytes);
  return address;
}

IpAddress IpAddress::v6(std::span<const std::byte, 16> bytes) {
  IpAddress address;
  address.size_ = 16;
  std::ranges::copy(bytes, address.bytes_.begin());
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) { return std::nullopt; }
  const std::string terminated{text};
  std::array<std::byte, 16> bytes{};
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) {
    return v4(std::span{bytes}.first<4>());
  }
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) { return v6(bytes); }
  return std::nullopt;
}

std::string IpAddress::to_text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

std::string MacAddress::to_text() const {
  std::array<char, 18> text{};
  const auto at = [this](std::size_t i) { return std::to_integer<unsigned>(bytes.at(i)); };
  (void)std::snprintf(text.data(), text.size(), "%02x:%02x:%02x:%02x:%02x:%02x", at(0), at(1),
                      at(2), at(3), at(4), at(5));
  return text.data();
}

std::string SocketAddress::to_text() const {
  // Appending one by one: GCC 12 warns of an overlap (-Wrestrict, bug 105651) for "[" + text.
  std::string text{address.is_v4() ? "" : "["};
  text += address.to_text();
  text += address.is_v4() ? ":" : "]:";
  text += std::to_string(to_number(port));
  return text;
}

}  // namespace remora
