#include "capture/link/link_layer.h"

#include <array>
#include <string_view>

#include "capture/link/cooked.h"
#include "capture/link/ethernet.h"
#include "capture/link/loopback.h"
#include "capture/link/ppp.h"
#include "capture/link/raw_ip.h"

namespace remora::capture {
namespace {

/// LINKTYPE_RAW's two numbers inside libpcap (DLT_RAW), which some writers put into files.
constexpr LinkType kRawElsewhere{12};
constexpr LinkType kRawOpenBsd{14};

LinkType canonical(LinkType link) {
  return link == kRawElsewhere || link == kRawOpenBsd ? LinkType::kRaw : link;
}

struct Named {
  LinkType link;
  std::string_view name;
};

/// Of the link types that Remora reads, and of those that users meet beside them.
constexpr std::array kNames{
    Named{LinkType::kNull, "BSD loopback"},
    Named{LinkType::kEthernet, "Ethernet"},
    Named{LinkType{6}, "Token Ring"},
    Named{LinkType::kPpp, "PPP"},
    Named{LinkType{10}, "FDDI"},
    Named{kRawElsewhere, "raw IP"},
    Named{kRawOpenBsd, "raw IP"},
    Named{LinkType::kPppHdlc, "PPP in HDLC framing"},
    Named{LinkType::kPppEther, "PPPoE"},
    Named{LinkType::kRaw, "raw IP"},
    Named{LinkType{104}, "Cisco HDLC"},
    Named{LinkType{105}, "IEEE 802.11"},
    Named{LinkType{107}, "Frame Relay"},
    Named{LinkType::kLoop, "OpenBSD loopback"},
    Named{LinkType::kLinuxSll, "Linux cooked"},
    Named{LinkType{117}, "OpenBSD packet filter log"},
    Named{LinkType{127}, "IEEE 802.11 with radiotap"},
    Named{LinkType{192}, "per-packet information"},
    Named{LinkType{220}, "USB"},
    Named{LinkType::kIpv4, "raw IPv4"},
    Named{LinkType::kIpv6, "raw IPv6"},
    Named{LinkType{239}, "Linux netfilter log"},
    Named{LinkType{249}, "USBPcap"},
    Named{LinkType{252}, "Wireshark exported PDUs"},
    Named{LinkType{258}, "Apple PKTAP"},
    Named{LinkType::kLinuxSll2, "Linux cooked v2"},
};

}  // namespace

std::optional<LinkResult> read_link(LinkType link, ByteView frame) {
  switch (canonical(link)) {
    case LinkType::kEthernet:
      return read_ethernet(frame);
    case LinkType::kLinuxSll:
      return read_cooked_v1(frame);
    case LinkType::kLinuxSll2:
      return read_cooked_v2(frame);
    case LinkType::kRaw:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
      return read_raw_ip(frame);
    case LinkType::kNull:
    case LinkType::kLoop:
      return read_loopback(frame);
    case LinkType::kPpp:
    case LinkType::kPppHdlc:
      return read_ppp(frame);
    case LinkType::kPppEther:
      return read_pppoe({.payload = frame});
  }
  return std::nullopt;
}

bool is_supported(LinkType link) {
  switch (canonical(link)) {
    case LinkType::kNull:
    case LinkType::kEthernet:
    case LinkType::kPpp:
    case LinkType::kPppHdlc:
    case LinkType::kPppEther:
    case LinkType::kRaw:
    case LinkType::kLoop:
    case LinkType::kLinuxSll:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
    case LinkType::kLinuxSll2:
      return true;
  }
  return false;
}

std::string link_type_name(LinkType link) {
  for (const auto& named : kNames) {
    if (named.link == link) { return std::string{named.name}; }
  }
  return "link type " + std::to_string(static_cast<std::uint32_t>(link));
}

}  // namespace remora::capture
