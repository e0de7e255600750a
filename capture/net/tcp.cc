#include "capture/net/tcp.h"

#include <algorithm>

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

constexpr std::size_t kHeaderBytes = 20;

}  // namespace

//   0                   1                   2                   3
//  |          Source Port          |       Destination Port        |
//  |                        Sequence Number                        |
//  |                    Acknowledgment Number                      |
//  | Offset| Rsrvd |C E U A P R S F|            Window             |
//  |           Checksum            |         Urgent Pointer        |
tl::expected<TcpSegment, HeaderFault> read_tcp(ByteView bytes, std::uint32_t wire_bytes) {
  const auto header = FixedView<kHeaderBytes>::of(bytes);
  if (!header.has_value()) { return tl::unexpected{short_header(wire_bytes, kHeaderBytes)}; }
  const std::uint32_t header_bytes = (header->u8<12>() >> 4U) * 4U;
  if (header_bytes < kHeaderBytes || header_bytes > wire_bytes) {
    return tl::unexpected{HeaderFault::kBadHeader};
  }
  const auto captured = std::min<std::size_t>(bytes.size(), header_bytes);
  return TcpSegment{.source = Port{header->u16be<0>()},
                    .destination = Port{header->u16be<2>()},
                    .sequence = header->u32be<4>(),
                    .acknowledgement = header->u32be<8>(),
                    .flags = TcpFlags{header->u8<13>()},
                    .window = header->u16be<14>(),
                    .urgent = header->u16be<18>(),
                    .options = bytes.subspan(kHeaderBytes, captured - kHeaderBytes),
                    .payload = bytes.subspan(captured),
                    .payload_wire_bytes = wire_bytes - header_bytes};
}

}  // namespace remora::capture
