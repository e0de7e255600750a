#include "capture/net/checksum.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

/// INVARIANT: it lies in `bytes`.
template <typename Word>
Word word_at(ByteView bytes, std::size_t at) {
  Word word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

/// The ones' complement sum of 16-bit words in the machine's own byte order, which gives the same
/// verdict as that of the network (RFC 1071 2B), not yet folded. An odd byte at the end counts as
/// if 0 followed.
///
/// Adds halves of 32 bits to sums of 64, so that no carry is lost in less than 16 GiB. Compilers
/// make vector instructions of that, and the two sums do not wait for each other.
std::uint64_t add_bytes(std::uint64_t sum, ByteView bytes) {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  const auto whole = bytes.size() / sizeof low * sizeof low;
  for (std::size_t at = 0; at < whole; at += sizeof low) {
    const auto word = word_at<std::uint64_t>(bytes, at);
    low += word & 0xffffffffU;
    high += word >> 32U;
  }
  sum += low + high;
  auto rest = bytes.subspan(whole);
  if (rest.size() >= 4) {
    sum += word_at<std::uint32_t>(rest, 0);
    rest = rest.subspan(4);
  }
  if (rest.size() >= 2) {
    sum += word_at<std::uint16_t>(rest, 0);
    rest = rest.subspan(2);
  }
  if (rest.empty()) { return sum; }
  return sum + std::bit_cast<std::uint16_t>(std::array{rest[0], std::byte{0}});
}

std::uint16_t fold(std::uint64_t sum) {
  sum = (sum >> 32U) + (sum & 0xffffffffU);
  sum = (sum >> 32U) + (sum & 0xffffffffU);
  sum = (sum >> 16U) + (sum & 0xffffU);
  sum = (sum >> 16U) + (sum & 0xffffU);
  return static_cast<std::uint16_t>(sum);
}

/// What the segment has on the wire by its header; 0 when that cannot be read.
std::size_t wire_size(const Packet& packet) {
  constexpr std::size_t kUdpHeaderBytes = 8;
  if (packet.transport == Transport::kUdp) { return kUdpHeaderBytes + packet.payload_wire_bytes; }
  const auto tcp = FixedView<20>::of(packet.segment);
  if (!tcp.has_value()) { return 0; }
  return (tcp->u8<12>() >> 4U) * std::size_t{4} + packet.payload_wire_bytes;
}

bool has_checksum(const Packet& packet) {
  if (packet.transport == Transport::kTcp) { return true; }
  const auto udp = FixedView<8>::of(packet.segment);
  return udp.has_value() && udp->u16be<6>() != 0;
}

}  // namespace

bool header_checksum_ok(ByteView datagram) {
  if (datagram.empty() || to_u8(datagram[0]) >> 4U != 4) { return true; }
  const std::size_t size = (to_u8(datagram[0]) & 0x0fU) * std::size_t{4};
  return datagram.size() < size || fold(add_bytes(0, datagram.first(size))) == 0xffff;
}

std::optional<bool> transport_checksum_ok(const Packet& packet) {
  if (packet.segment.size() != wire_size(packet) || !has_checksum(packet)) { return std::nullopt; }
  auto sum = add_bytes(0, packet.source.bytes());
  sum = add_bytes(sum, packet.destination.bytes());
  // The rest of the pseudo header: length and protocol, 32 bits each as IPv6 has them. IPv4's have
  // 16 and 8, which adds up to the same.
  const auto size = static_cast<std::uint32_t>(packet.segment.size());
  const std::array rest{std::byte(size >> 24U & 0xffU),
                        std::byte(size >> 16U & 0xffU),
                        std::byte(size >> 8U & 0xffU),
                        std::byte(size & 0xffU),
                        std::byte{0},
                        std::byte{0},
                        std::byte{0},
                        std::byte(packet.transport)};
  sum = add_bytes(sum, rest);
  return fold(add_bytes(sum, packet.segment)) == 0xffff;
}

}  // namespace remora::capture
