#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::rdp_udp {

/// uFlags, [MS-RDPEUDP] 2.2.2.1.
enum class Flag : std::uint16_t {
  kSyn = 0x0001,
  kAck = 0x0004,
  kData = 0x0008,
  kFec = 0x0010,
  kAckOfAcks = 0x0100,
  kSynLossy = 0x0200,
  kCorrelationId = 0x0800,
  kSynEx = 0x1000,
};

class Flags {
 public:
  explicit Flags(std::uint16_t raw) : raw_{raw} {}
  [[nodiscard]] bool has(Flag flag) const { return (raw_ & static_cast<std::uint16_t>(flag)) != 0; }
  [[nodiscard]] std::uint16_t raw() const { return raw_; }

 private:
  std::uint16_t raw_;
};

// RDPUDP_PROTOCOL_VERSION_*, 2.2.2.9.
inline constexpr std::uint16_t kVersion1 = 0x0001;
inline constexpr std::uint16_t kVersion2 = 0x0002;
inline constexpr std::uint16_t kVersion3 = 0x0101;

/// A SYN or SYN+ACK datagram, 2.2.2.1, .5, .8, .9. Big-endian.
///
///   snSourceAck u32 | uReceiveWindowSize u16 | uFlags u16 | snInitialSequenceNumber u32 |
///   uUpStreamMtu u16 | uDownStreamMtu u16 [| correlation id 16, zeros 16]
///   [| uSynExFlags u16, uUdpVer u16 [| cookieHash 32]] | zeros
struct Syn {
  std::uint32_t source_ack{0};
  Flags flags{std::uint16_t{0}};
  std::uint32_t initial_sequence_number{0};
  std::uint16_t up_stream_mtu{0};
  std::uint16_t down_stream_mtu{0};
  std::optional<std::array<std::byte, 16>> correlation_id;
  std::optional<std::uint16_t> version;  ///< uUdpVer where the sender says it is valid
  std::optional<std::array<std::byte, 32>> cookie_hash;

  [[nodiscard]] bool is_answer() const { return flags.has(Flag::kAck); }
};

[[nodiscard]] Syn read_syn(Cursor& in);

/// Whether a datagram is a SYN or SYN+ACK: by its flags, by the limits of the MTUs, and by the
/// zeros that fill it up to the smaller of them (3.1.5.1.1). No port is asked.
[[nodiscard]] bool is_syn(ByteView datagram);

}  // namespace remora::rdp_udp
