#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::bulk::testing {

using Bytes = std::vector<std::byte>;

/// A match of the history: how far back, and how long. Length 0: a literal.
struct Match {
  std::size_t distance{0};
  std::size_t length{0};
};

/// Writes bits, the first of each byte being its highest.
class HighBits {
 public:
  void put(std::uint64_t value, unsigned count);
  /// Up to a whole byte; how many bits that took.
  unsigned fill();
  [[nodiscard]] Bytes& bytes() { return bytes_; }

 private:
  Bytes bytes_;
  unsigned free_{0};
};

/// The same, the first being its lowest; numbers too.
class LowBits {
 public:
  void put(std::uint64_t value, unsigned count);
  [[nodiscard]] Bytes& bytes() { return bytes_; }

 private:
  Bytes bytes_;
  unsigned free_{0};
};

/// What a sender has sent, with an index of pairs of bytes.
class SenderHistory {
 public:
  void add(ByteView data);
  void clear() { *this = {}; }
  void keep_last(std::size_t bytes);
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::byte operator[](std::size_t at) const { return bytes_[at]; }
  /// A long match for what stands at `at`, in what is before it; length 0: none.
  [[nodiscard]] Match match(std::size_t at, std::size_t reach, std::size_t shortest,
                            std::size_t longest) const;

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  [[nodiscard]] std::size_t pair_at(std::size_t at) const {
    return (std::size_t{to_u8(bytes_[at])} << 8U) | to_u8(bytes_[at + 1]);
  }

  Bytes bytes_;
  std::vector<std::size_t> newest_ = std::vector<std::size_t>(65536, kNone);  ///< by pair
  std::vector<std::size_t> older_;  ///< by place: the place before with the same pair
};

/// A sender of RDP 4.0 or 5.0 bulk compression, [MS-RDPBCGR] 3.1.8.2, by its flowchart.
class MppcSender {
 public:
  explicit MppcSender(bool large) : large_{large} {}
  struct Packet {
    std::uint8_t flags{0};
    Bytes bytes;
  };
  [[nodiscard]] Packet send(ByteView data);
  /// As `send`, whether or not that makes it smaller.
  [[nodiscard]] Packet send_compressed(ByteView data);

  static void put_offset(HighBits& out, bool large, std::size_t offset);
  static void put_length(HighBits& out, std::size_t length);

 private:
  [[nodiscard]] std::size_t size() const { return large_ ? 65536 : 8192; }

  bool large_;
  bool flush_{false};
  bool first_{true};
  SenderHistory history_;
};

/// A sender of RDP 6.0 bulk compression, [MS-RDPEGDI] 3.1.8.1.
class Rdp60Sender {
 public:
  struct Packet {
    std::uint8_t flags{0};
    Bytes bytes;
  };
  [[nodiscard]] Packet send(ByteView data);

  static void put_literal_or_offset(LowBits& out, unsigned index);
  void put_match(LowBits& out, Match match);

 private:
  SenderHistory history_;
  std::array<std::size_t, 4> offset_cache_{};
};

/// A sender of RDP 6.1 bulk compression, [MS-RDPEGDI] 3.1.8.2, with level 2.
class Rdp61Sender {
 public:
  [[nodiscard]] Bytes send(ByteView data);

 private:
  SenderHistory history_;
  bool first_{true};
  MppcSender level2_{true};
};

/// A sender of RDP 8.0 bulk compression, [MS-RDPEGFX] 3.1.9.1.
class Rdp80Sender {
 public:
  explicit Rdp80Sender(bool lite) : lite_{lite} {}
  /// RDP8_BULK_ENCODED_DATA.
  [[nodiscard]] Bytes send(ByteView data);

 private:
  bool lite_;
  SenderHistory history_;
};

}  // namespace remora::bulk::testing
