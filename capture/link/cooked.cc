#include "capture/link/cooked.h"

#include <algorithm>
#include <span>

#include "capture/base/fixed_view.h"
#include "capture/link/ethernet.h"

namespace remora::capture {
namespace {

constexpr std::size_t kMacBytes = 6;
constexpr std::uint16_t kLlcFrame = 0x0004;  // in the place of an EtherType: 802.2 LLC follows

/// ARPHRD_ values of Linux whose frames do not end their header with an EtherType.
constexpr std::uint16_t kNetlink = 824;
constexpr std::uint16_t kRadiotap = 803;

struct CookedHeader {
  std::uint16_t protocol{0};
  std::uint16_t hardware{0};
  std::uint16_t address_bytes{0};
  std::span<const std::byte, 8> address;
};

std::optional<LinkResult> read_behind(const CookedHeader& header, ByteView payload) {
  LinkResult result{.payload = payload};
  if (header.address_bytes == kMacBytes) {
    std::ranges::copy(header.address.first<kMacBytes>(), result.source.emplace().bytes.begin());
  }
  if (header.hardware == kNetlink || header.hardware == kRadiotap) { return result; }
  if (header.protocol == kLlcFrame) { return read_llc(result); }
  constexpr std::uint16_t kFirstEtherType = 0x0600;  // below: numbers of Linux's own
  if (header.protocol < kFirstEtherType) { return result; }
  return read_after_ethertype(header.protocol, result);
}

}  // namespace

// |  packet type (2)  |  ARPHRD_ (2)  |  address length (2)  |  address (8)  |  protocol (2)  |
std::optional<LinkResult> read_cooked_v1(ByteView frame) {
  constexpr std::size_t kHeaderBytes = 16;
  const auto header = FixedView<kHeaderBytes>::of(frame);
  if (!header.has_value()) { return std::nullopt; }
  return read_behind({.protocol = header->u16be<14>(),
                      .hardware = header->u16be<2>(),
                      .address_bytes = header->u16be<4>(),
                      .address = header->bytes<6, 8>()},
                     frame.subspan(kHeaderBytes));
}

// |  protocol (2)  |  reserved (2)  |  interface (4)  |
// |  ARPHRD_ (2)  |  packet type (1)  |  address length (1)  |  address (8)  |
std::optional<LinkResult> read_cooked_v2(ByteView frame) {
  constexpr std::size_t kHeaderBytes = 20;
  const auto header = FixedView<kHeaderBytes>::of(frame);
  if (!header.has_value()) { return std::nullopt; }
  return read_behind({.protocol = header->u16be<0>(),
                      .hardware = header->u16be<8>(),
                      .address_bytes = header->u8<11>(),
                      .address = header->bytes<12, 8>()},
                     frame.subspan(kHeaderBytes));
}

}  // namespace remora::capture
