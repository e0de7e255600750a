#pragma once

#include <cstdint>
#include <optional>

#include "capture/link/link_layer.h"

namespace remora::capture {

/// LIMIT: VLAN tags stepped over in one frame; what bears more carries nothing.
inline constexpr int kMaxVlanTags = 8;

/// Ethernet II and IEEE 802.3, with any mix of 802.1Q, 802.1ad and 0x9100 tags, LLC and SNAP, and
/// PPPoE sessions.
[[nodiscard]] std::optional<LinkResult> read_ethernet(ByteView frame);

/// Goes on where an EtherType (or an 802.3 length) announces `result.payload`: takes off tags, LLC,
/// SNAP and PPPoE, and names the protocol. Cooked headers end with such a field too.
[[nodiscard]] std::optional<LinkResult> read_after_ethertype(std::uint16_t ethertype,
                                                             LinkResult result);

/// IEEE 802.2 LLC in front of `result.payload`; SNAP, and IP by its own service access point.
[[nodiscard]] std::optional<LinkResult> read_llc(LinkResult result);

}  // namespace remora::capture
