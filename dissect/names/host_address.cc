#include "dissect/names/host_address.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace remora::names {
namespace {

constexpr std::size_t kInterfaceIdentifier = 8;  // RFC 4291 2.5.1: the lower 64 bits

bool is_link_local(const IpAddress& address) {
  const auto bytes = address.bytes();
  return !address.is_v4() && to_u8(bytes[0]) == 0xfe && (to_u8(bytes[1]) & 0xc0U) == 0x80;
}

}  // namespace

IpAddress read_ipv4(Cursor& in, const char* field) {
  const auto bytes = in.bytes(4, field);
  return in.ok() ? IpAddress::v4(bytes.first<4>()) : IpAddress{};
}

IpAddress read_ipv6(Cursor& in, const char* field) {
  const auto bytes = in.bytes(16, field);
  return in.ok() ? IpAddress::v6(bytes.first<16>()) : IpAddress{};
}

bool is_host_address(const IpAddress& address) {
  const auto bytes = address.bytes();
  const auto first = to_u8(bytes[0]);
  if (address.is_v4()) { return first != 0 && first != 127 && first < 224; }
  // ::, ::1, ::ffff:0:0/96 and the rest of what is reserved by RFC 4291 2.4 and RFC 6890.
  const bool reserved =
      std::ranges::all_of(bytes.first(8), [](std::byte b) { return b == std::byte{0}; });
  return !reserved && first != 0xff;
}

bool is_link_local_sibling(const IpAddress& one, const IpAddress& two) {
  if (one.is_v4() || two.is_v4() || (!is_link_local(one) && !is_link_local(two))) { return false; }
  return std::ranges::equal(one.bytes().subspan(kInterfaceIdentifier),
                            two.bytes().subspan(kInterfaceIdentifier));
}

}  // namespace remora::names
