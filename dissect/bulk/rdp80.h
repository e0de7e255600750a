#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/result.h"
#include "dissect/bulk/bits.h"
#include "dissect/bulk/packet_flags.h"

namespace remora::bulk {

/// RDP 8.0 bulk compression, [MS-RDPEGFX] 3.1.9.1, and its form for dynamic channels, [MS-RDPEDYC]
/// 2.2.3.3: one direction of one channel.
///
/// Nothing on the wire restarts the history, and matches only say how far back they reach: of a
/// lost history what came since is known, and a match with more is an error.
///
/// State: LIMIT the history, 2,500,000 or 8,192 bytes, which grows with what is in it, and the
/// output of one segment, 65,535 or 8,192 bytes.
class Rdp80 {
 public:
  struct Form {
    CompressionType type;
    std::size_t history;
    std::size_t segment;  ///< LIMIT: bytes that one gives
  };
  static constexpr Form kFull{CompressionType::kRdp8, 2'500'000, 65'535};
  static constexpr Form kLite{CompressionType::kRdp8Lite, 8192, 8192};
  /// LIMIT: bytes that one RDP_SEGMENTED_DATA gives.
  static constexpr std::size_t kMaxMessage = 4U << 20U;

  // descriptor of RDP_SEGMENTED_DATA.
  static constexpr std::uint8_t kSingle = 0xe0;
  static constexpr std::uint8_t kMultipart = 0xe1;

  explicit Rdp80(const Form& form) : form_{form} {}

  /// What an RDP_SEGMENTED_DATA (2.2.5.1) holds, segment by segment: each goes to `sink`, valid
  /// until the next. Empty, or what was wrong; what came before stands.
  template <typename Sink>
  [[nodiscard]] std::optional<ReadError> decompress(ByteView message, Sink&& sink) {
    Segments segments{message};
    while (const auto segment = segments.next()) {
      const auto bytes = decompress_segment(*segment);
      if (!bytes.has_value()) { return bytes.error(); }
      if (auto wrong = segments.add(bytes->size())) {
        lose();
        return wrong;
      }
      sink(*bytes);
    }
    auto wrong = segments.end();
    if (wrong.has_value()) { lose(); }
    return wrong;
  }
  /// An RDP8_BULK_ENCODED_DATA (2.2.5.3).
  [[nodiscard]] Result<ByteView> decompress_segment(ByteView segment);
  /// A segment is missing.
  void lose() { reach_ = 0; }

  [[nodiscard]] std::size_t memory() const { return history_.capacity() + output_.capacity(); }

 private:
  /// The segments of an RDP_SEGMENTED_DATA.
  class Segments {
   public:
    explicit Segments(ByteView message);
    [[nodiscard]] std::optional<ByteView> next();
    [[nodiscard]] std::optional<ReadError> add(std::size_t bytes);
    [[nodiscard]] std::optional<ReadError> end() const;

   private:
    ByteView rest_;
    std::size_t left_{0};  ///< segments
    bool multipart_{false};
    std::size_t announced_{0};
    std::size_t bytes_{0};
    std::optional<ReadError> wrong_;
  };

  [[nodiscard]] const char* decode(ByteView data);
  [[nodiscard]] const char* copy_run(HighBitsFirst& bits);
  [[nodiscard]] const char* copy_match(HighBitsFirst& bits, std::size_t distance);
  [[nodiscard]] const char* copy(std::size_t distance, std::size_t length);
  void remember(ByteView bytes);

  Form form_;
  std::vector<std::byte> history_;  ///< a ring once it is full
  std::size_t next_{0};             ///< where the next byte goes
  std::size_t reach_{0};            ///< how many bytes before it are known
  std::vector<std::byte> output_;   ///< of the last segment
};

}  // namespace remora::bulk
