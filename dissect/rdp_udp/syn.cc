#include "dissect/rdp_udp/syn.h"

#include <algorithm>

namespace remora::rdp_udp {
namespace {

constexpr std::size_t kFlagsAt = 6;
constexpr std::size_t kSmallestBytes = 16;
constexpr std::uint32_t kNoSourceAck = 0xffffffff;
constexpr std::uint16_t kVersionInfoValid = 0x0001;
constexpr std::uint16_t kLeastMtu = 1132;
constexpr std::uint16_t kMostMtu = 1232;
/// Those of 2.2.2.1 that a SYN may have: SYN, ACK, CN, CWR, SYNLOSSY, CORRELATION_ID, SYNEX.
constexpr std::uint16_t kSynFlags = 0x0001 | 0x0004 | 0x0020 | 0x0040 | 0x0200 | 0x0800 | 0x1000;

bool is_zero(ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

/// Empty where the bytes are zeros, or not all there.
template <std::size_t kSize>
std::optional<std::array<std::byte, kSize>> to_array(ByteView bytes) {
  if (bytes.size() != kSize || is_zero(bytes)) { return std::nullopt; }
  std::array<std::byte, kSize> array{};
  std::ranges::copy(bytes, array.begin());
  return array;
}

bool is_mtu(std::uint16_t mtu) {
  return mtu >= kLeastMtu && mtu <= kMostMtu;
}

}  // namespace

Syn read_syn(Cursor& in) {
  const auto source_ack = in.u32be("snSourceAck");
  in.skip(2, "uReceiveWindowSize");
  const Flags flags{in.u16be("uFlags")};
  Syn syn{.source_ack = source_ack,
          .flags = flags,
          .initial_sequence_number = in.u32be("snInitialSequenceNumber"),
          .up_stream_mtu = in.u16be("uUpStreamMtu"),
          .down_stream_mtu = in.u16be("uDownStreamMtu"),
          .correlation_id = {},
          .version = {},
          .cookie_hash = {}};
  if (flags.has(Flag::kCorrelationId)) {
    syn.correlation_id = to_array<16>(in.bytes(16, "uCorrelationId"));
    in.skip(16, "uReserved");
  }
  if (flags.has(Flag::kSynEx)) {
    const auto valid = (in.u16be("uSynExFlags") & kVersionInfoValid) != 0;
    const auto version = in.u16be("uUdpVer");
    if (valid) { syn.version = version; }
    // SPEC: 2.2.2.9 has a hash with version 3 only. Windows sends one with version 2 too (ndpi
    // rdp2.pcap, frame 33), and none with version 3 (the same, frame 1).
    if (!syn.is_answer() && in.remaining() >= 32) {
      syn.cookie_hash = to_array<32>(in.bytes(32, "cookieHash"));
    }
  }
  return syn;
}

bool is_syn(ByteView datagram) {
  if (datagram.size() < kLeastMtu || (to_u8(datagram[kFlagsAt + 1]) & 1U) == 0) { return false; }
  Cursor in{datagram};
  const auto syn = read_syn(in);
  const auto size = std::min(syn.up_stream_mtu, syn.down_stream_mtu);
  return in.ok() && (syn.flags.raw() & ~kSynFlags) == 0 &&
         (syn.is_answer() || syn.source_ack == kNoSourceAck) && is_mtu(syn.up_stream_mtu) &&
         is_mtu(syn.down_stream_mtu) && datagram.size() >= kSmallestBytes &&
         datagram.size() == size && is_zero(in.rest());
}

}  // namespace remora::rdp_udp
