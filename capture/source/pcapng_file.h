#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "capture/source/byte_order.h"
#include "capture/source/byte_reader.h"
#include "capture/source/frame_source.h"
#include "capture/source/pcapng_time.h"

namespace remora::capture {

/// Whether `start` begins with a pcapng Section Header Block. Needs 12 bytes.
[[nodiscard]] bool detect_pcapng(ByteView start);

/// The byte order of the section whose header block begins `start`; empty without its magic. Needs
/// 12 bytes.
[[nodiscard]] std::optional<ByteOrder> order_of_section(ByteView start);

inline constexpr std::uint32_t kSectionHeaderBlock = 0x0a0d'0d0a;  ///< in either byte order

/// Reads pcapng files (draft-ietf-opsawg-pcapng), version 1: any number of sections, each with its
/// own byte order and interfaces; packets in Enhanced, Simple and the obsolete Packet Blocks. Other
/// blocks are stepped over by their length. A packet without a time (Simple Packet Block) gets that
/// of the packet before it, or the epoch.
class PcapngFile final : public FrameSource {
 public:
  /// `bytes` stands at the start of a file for which `detect_pcapng` said yes. The error says what
  /// is wrong with the first section header.
  [[nodiscard]] static tl::expected<std::unique_ptr<FrameSource>, std::string> open(
      ByteReader bytes, const ReadLimits& limits);

  [[nodiscard]] ReadStatus next(Frame& frame) override;
  [[nodiscard]] std::function<bool()> share_reading() override { return bytes_.share_reading(); }

 private:
  struct Interface {
    LinkType link{kUnknownLink};
    std::uint32_t snap_bytes{0};  ///< 0: no limit
    PcapngClock clock;
  };

  PcapngFile(ByteReader bytes, const ReadLimits& limits)
      : bytes_{std::move(bytes)}, limits_{limits} {}

  /// Reads one block; kEnd means that it held no packet.
  [[nodiscard]] ReadStatus read_block(Frame& frame);
  [[nodiscard]] ReadStatus begin_section(ByteView block);
  [[nodiscard]] ReadStatus skip_block(std::uint32_t length);
  void describe_interface(ByteView body);
  void read_interface_options(ByteView options, Interface& interface) const;
  [[nodiscard]] ReadStatus read_enhanced(ByteView body, Frame& frame);
  [[nodiscard]] ReadStatus read_simple(ByteView body, Frame& frame);
  [[nodiscard]] ReadStatus read_obsolete(ByteView body, Frame& frame);
  [[nodiscard]] ReadStatus odd_packet();
  [[nodiscard]] Interface interface_of(std::uint32_t id);
  [[nodiscard]] ReadStatus deliver(const Interface& interface, ByteView data,
                                   std::uint32_t captured, std::uint32_t original, Frame& frame);
  [[nodiscard]] ReadStatus end_with(ReadStatus status, std::string reason);
  [[nodiscard]] ReadStatus end_short(const char* what, std::size_t have, std::uint64_t need);

  ByteReader bytes_;
  ReadLimits limits_;
  ByteOrder order_{ByteOrder::kLittle};
  std::vector<Interface> interfaces_;  ///< of the current section
  std::uint64_t block_offset_{0};
  std::uint64_t frames_{0};
  Moment time_;
  std::optional<ReadStatus> ended_;
};

}  // namespace remora::capture
