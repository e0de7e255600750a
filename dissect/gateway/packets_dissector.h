#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dissect/conversation/dissector.h"
#include "dissect/gateway/packets.h"

namespace remora::gateway {

/// The packets between client and gateway, [MS-TSGU] 2.2.10: tells who wants to go where, and
/// passes the RDP stream on.
///
/// State: what is left of a data packet.
class PacketsDissector final : public Dissector {
 public:
  /// LIMIT: of a packet that is read whole.
  static constexpr std::uint32_t kMaxReadBytes = 32768;
  /// LIMIT: of any packet; behind a longer one the place is lost.
  static constexpr std::uint32_t kMaxPacketBytes = 1U << 20U;

  /// `both_ways`: the connection carries both directions, so that its data make an RDP stream.
  explicit PacketsDissector(bool both_ways) : both_ways_{both_ways} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  [[nodiscard]] std::size_t on_packet(const PacketHeader& header, Side from, ByteView bytes,
                                      Instant at, Findings& out);
  void read(const PacketHeader& header, Side from, ByteView body, Instant at, Findings& out) const;
  static void read_close(Side from, ByteView body, Instant at, Findings& out);

  bool both_ways_;
  std::array<std::uint64_t, 2> left_{};  ///< by index_of(Side)
};

}  // namespace remora::gateway
