#include "capture/net/udp.h"

#include <algorithm>

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

constexpr std::uint32_t kHeaderBytes = 8;

}  // namespace

// |   Source Port   | Destination Port |     Length      |    Checksum     |
tl::expected<UdpDatagram, HeaderFault> read_udp(ByteView bytes, std::uint32_t wire_bytes) {
  const auto header = FixedView<kHeaderBytes>::of(bytes);
  if (!header.has_value()) { return tl::unexpected{short_header(wire_bytes, kHeaderBytes)}; }
  std::uint32_t length = header->u16be<4>();
  if (length == 0 || length > wire_bytes) { length = wire_bytes; }
  if (length < kHeaderBytes) { return tl::unexpected{HeaderFault::kBadHeader}; }
  const auto datagram = bytes.first(std::min<std::size_t>(bytes.size(), length));
  return UdpDatagram{.source = Port{header->u16be<0>()},
                     .destination = Port{header->u16be<2>()},
                     .bytes = datagram,
                     .payload = datagram.subspan(kHeaderBytes),
                     .payload_wire_bytes = length - kHeaderBytes};
}

}  // namespace remora::capture
