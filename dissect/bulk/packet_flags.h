#pragma once

#include <cstdint>

namespace remora::bulk {

/// CompressionTypeMask, [MS-RDPBCGR] 2.2.8.1.1.1.2; 0x6 is [MS-RDPEDYC] 2.2.3.3. Any value of four
/// bits may occur.
enum class CompressionType : std::uint8_t {
  k8K = 0x0,        ///< RDP 4.0, MPPC
  k64K = 0x1,       ///< RDP 5.0, MPPC
  kRdp6 = 0x2,      ///< RDP 6.0
  kRdp61 = 0x3,     ///< RDP 6.1
  kRdp8 = 0x4,      ///< RDP 8.0, inside RDP_SEGMENTED_DATA
  kRdp8Lite = 0x6,  ///< the same with a history of 8 KiB
};

/// The compression flags of a packet: compressedType, compressionFlags, Level2ComprFlags, header.
class PacketFlags {
 public:
  constexpr explicit PacketFlags(std::uint8_t raw) : raw_{raw} {}
  /// CHANNEL_PDU_HEADER.flags has them 16 bits higher, 2.2.6.1.1.
  [[nodiscard]] static constexpr PacketFlags of_channel(std::uint32_t flags) {
    return PacketFlags{static_cast<std::uint8_t>(flags >> 16U)};
  }

  [[nodiscard]] constexpr CompressionType type() const {
    return CompressionType{static_cast<std::uint8_t>(raw_ & 0x0fU)};
  }
  [[nodiscard]] constexpr bool compressed() const { return (raw_ & 0x20U) != 0; }
  [[nodiscard]] constexpr bool at_front() const { return (raw_ & 0x40U) != 0; }
  [[nodiscard]] constexpr bool flushed() const { return (raw_ & 0x80U) != 0; }
  /// Whether the packet matters to the history of its side.
  [[nodiscard]] constexpr bool concerns_history() const { return (raw_ & 0xe0U) != 0; }

 private:
  std::uint8_t raw_;
};

}  // namespace remora::bulk
