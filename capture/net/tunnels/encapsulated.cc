#include "capture/net/tunnels/encapsulated.h"

#include "capture/link/ethernet.h"

namespace remora::capture {

std::uint16_t ip_ethertype(ByteView packet) {
  if (packet.empty()) { return kNothingFollowed; }
  switch (to_u8(packet[0]) >> 4U) {
    case 4:
      return kEtherTypeIpv4;
    case 6:
      return kEtherTypeIpv6;
    default:
      return kNothingFollowed;
  }
}

}  // namespace remora::capture
