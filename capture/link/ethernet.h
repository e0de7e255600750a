#pragma once

#include <cstdint>
#include <optional>

#include "capture/link/link_layer.h"

namespace remora::capture {

/// LIMIT: VLAN tags stepped over in one frame; what bears more carries nothing.
inline constexpr int kMaxVlanTags = 8;

/// EtherTypes (IANA "IEEE 802 Numbers") that also tunnels announce their content by.
inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherTypeBridged = 0x6558;  ///< a whole Ethernet frame
inline constexpr std::uint16_t kEtherTypeIpv6 = 0x86dd;
inline constexpr std::uint16_t kEtherTypePpp = 0x880b;
inline constexpr std::uint16_t kEtherTypeMpls = 0x8847;

/// Ethernet II and IEEE 802.3, with any mix of 802.1Q, 802.1ad and 0x9100 tags, LLC and SNAP,
/// PPPoE sessions, and the I-TAG of 802.1ah.
[[nodiscard]] std::optional<LinkResult> read_ethernet(ByteView frame);

/// Goes on where an EtherType (or an 802.3 length) announces `result.payload`: takes off tags, LLC,
/// SNAP, PPPoE, PPP and an I-TAG, and names the protocol. Cooked headers end with such a field too.
[[nodiscard]] std::optional<LinkResult> read_after_ethertype(std::uint16_t ethertype,
                                                             LinkResult result);

/// IEEE 802.2 LLC in front of `result.payload`; SNAP, and IP by its own service access point.
[[nodiscard]] std::optional<LinkResult> read_llc(LinkResult result);

}  // namespace remora::capture
