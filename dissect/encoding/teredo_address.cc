#include "dissect/encoding/teredo_address.h"

#include <algorithm>
#include <array>

namespace remora::encoding {

std::optional<TeredoAddress> read_teredo_address(const IpAddress& address) {
  constexpr std::array kPrefix{std::byte{0x20}, std::byte{0x01}, std::byte{0}, std::byte{0}};
  const auto bytes = address.bytes();
  if (address.is_v4() || !std::equal(kPrefix.begin(), kPrefix.end(), bytes.begin())) {
    return std::nullopt;
  }
  // Inverted, so that no translator on the way rewrites them: port at 10, address at 12.
  std::array<std::byte, 4> mapped{};
  std::ranges::transform(bytes.subspan(12, 4), mapped.begin(), [](std::byte b) { return ~b; });
  const auto port =
      ~((std::to_integer<unsigned>(bytes[10]) << 8U) | std::to_integer<unsigned>(bytes[11]));
  return TeredoAddress{
      .server = IpAddress::v4(bytes.subspan<4, 4>()),
      .mapped = {.address = IpAddress::v4(mapped), .port = Port{static_cast<std::uint16_t>(port)}}};
}

}  // namespace remora::encoding
