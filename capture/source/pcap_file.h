#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "capture/source/byte_order.h"
#include "capture/source/byte_reader.h"
#include "capture/source/frame_source.h"

namespace remora::capture {

/// What the first four bytes of a pcap file tell.
struct PcapVariant {
  ByteOrder order{ByteOrder::kLittle};
  std::uint32_t nanoseconds_per_tick{1000};  ///< 1000 or 1
  std::size_t record_header_bytes{16};       ///< 24 in Kuznetzov's variant of 1998
};

/// Empty when `start` is not that of a pcap file.
[[nodiscard]] std::optional<PcapVariant> detect_pcap(ByteView start);

/// Reads the "pcap" capture file format (draft-ietf-opsawg-pcap), versions 2.x, of both byte orders
/// and both time units. Sub-second parts of a second or more are carried over.
class PcapFile final : public FrameSource {
 public:
  /// `bytes` stands at the start of a file for which `detect_pcap` gave `variant`. The error says
  /// what is wrong with the file header.
  [[nodiscard]] static tl::expected<std::unique_ptr<FrameSource>, std::string> open(
      ByteReader bytes, const PcapVariant& variant, const ReadLimits& limits);

  [[nodiscard]] ReadStatus next(Frame& frame) override;
  [[nodiscard]] std::function<bool()> share_reading() override { return bytes_.share_reading(); }

 private:
  /// Which of a record's two lengths comes first was settled only in version 2.4.
  enum class Lengths : std::uint8_t { kCapturedFirst, kOriginalFirst, kSmallerIsCaptured };

  PcapFile(ByteReader bytes, const PcapVariant& variant, const ReadLimits& limits)
      : bytes_{std::move(bytes)}, variant_{variant}, limits_{limits} {}

  [[nodiscard]] ReadStatus end_with(ReadStatus status, std::string reason);

  ByteReader bytes_;
  PcapVariant variant_;
  ReadLimits limits_;
  LinkType link_{};
  Lengths lengths_{Lengths::kCapturedFirst};
  std::uint64_t frames_{0};
  std::optional<ReadStatus> ended_;
};

}  // namespace remora::capture
