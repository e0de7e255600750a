#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/frame.h"
#include "capture/link/vlan_ids.h"

namespace remora::capture {

/// What a link header says comes next.
enum class NetworkProtocol : std::uint8_t {
  kNone,  ///< nothing that Remora follows (ARP, LLDP, a control protocol of the link)
  kIpv4,
  kIpv6,
  kMplsUnicast,  ///< a label stack, for `read_mpls`
  kMplsMulticast,
  kEthernet,  ///< a whole Ethernet frame, for `read_ethernet` (pseudowire, bridge, backbone)
};

/// A frame without its link header.
struct LinkResult {
  NetworkProtocol protocol{NetworkProtocol::kNone};
  ByteView payload;  ///< borrowed from the frame; a trailer or padding may follow the datagram
  std::optional<MacAddress> source{};
  std::optional<MacAddress> destination{};
  VlanIds vlans{};
  /// What tells equal addresses apart: PPPoE session, I-SID of 802.1ah or bottom MPLS label,
  /// whichever was met last; 0 where there was none.
  std::uint32_t circuit{0};
};

/// Takes the link header off. Empty when it is cut short, or when `is_supported` says no. Never
/// allocates; work is bounded by the deepest stack of tags (8).
[[nodiscard]] std::optional<LinkResult> read_link(LinkType link, ByteView frame);

[[nodiscard]] bool is_supported(LinkType link);

/// "Ethernet", "Linux cooked v2"; "link type 147" where Remora has no name for it.
[[nodiscard]] std::string link_type_name(LinkType link);

}  // namespace remora::capture
