#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "capture/base/bytes.h"

namespace remora::bulk {

/// Bits of a compressed stream, the most significant one of each byte first ([MS-RDPBCGR] 3.1.8.4,
/// [MS-RDPEGFX] 3.1.9.1.2.3). Reading more than there is gives zeros and fails; it stays failed.
class HighBitsFirst {
 public:
  explicit HighBitsFirst(ByteView in) : HighBitsFirst{in, in.size() * 8} {}
  /// The first `bits` of them.
  HighBitsFirst(ByteView in, std::size_t bits) : in_{in}, all_{bits}, left_{bits} {}

  /// At hand are then 56 bits or more, or all that is left.
  void refill() {
    if (in_.size() - next_ >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, in_.data() + next_, sizeof word);
      if constexpr (std::endian::native == std::endian::little) { word = __builtin_bswap64(word); }
      at_hand_ |= word >> have_;
      const auto taken = (63 - have_) / 8;
      next_ += taken;
      have_ += taken * 8;
      return;
    }
    while (have_ <= 56 && next_ < in_.size()) {
      at_hand_ |= std::uint64_t{to_u8(in_[next_++])} << (56 - have_);
      have_ += 8;
    }
  }

  /// Of what `refill` put at hand: the next bits, without taking them. 1 to 32.
  [[nodiscard]] std::uint32_t peek(unsigned count) const {
    return static_cast<std::uint32_t>(at_hand_ >> (64 - count));
  }
  [[nodiscard]] unsigned ones() const { return static_cast<unsigned>(std::countl_one(at_hand_)); }
  void drop(unsigned count) {
    if (count > left_) {
      failed_ = true;
      count = static_cast<unsigned>(left_);
    }
    left_ -= count;
    at_hand_ <<= count;
    have_ -= count < have_ ? count : have_;
  }
  /// 0 to 32 bits as a number.
  [[nodiscard]] std::uint32_t take(unsigned count) {
    if (count == 0) { return 0; }
    const auto value = peek(count);
    drop(count);
    return value;
  }

  /// Bytes from the next whole byte on; the bits before it are dropped.
  [[nodiscard]] ByteView take_bytes(std::size_t count) {
    drop(static_cast<unsigned>((8 - (all_ - left_) % 8) % 8));
    if (failed_ || count > left_ / 8) {
      failed_ = true;
      return {};
    }
    const auto begin = (all_ - left_) / 8;
    left_ -= count * 8;
    next_ = begin + count;
    at_hand_ = 0;
    have_ = 0;
    return in_.subspan(begin, count);
  }

  [[nodiscard]] std::size_t left() const { return left_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  ByteView in_;
  std::size_t all_;
  std::size_t left_;          ///< bits not taken yet
  std::size_t next_{0};       ///< the byte that comes at hand next
  std::uint64_t at_hand_{0};  ///< from the top
  unsigned have_{0};          ///< how many of them are real
  bool failed_{false};
};

/// The same, the least significant bit of each byte first, and numbers likewise
/// ([MS-RDPEGDI] 3.1.8.1.4).
class LowBitsFirst {
 public:
  explicit LowBitsFirst(ByteView in) : in_{in}, left_{in.size() * 8} {}

  void refill() {
    if (in_.size() - next_ >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, in_.data() + next_, sizeof word);
      if constexpr (std::endian::native == std::endian::big) { word = __builtin_bswap64(word); }
      at_hand_ |= word << have_;
      const auto taken = (63 - have_) / 8;
      next_ += taken;
      have_ += taken * 8;
      return;
    }
    while (have_ <= 56 && next_ < in_.size()) {
      at_hand_ |= std::uint64_t{to_u8(in_[next_++])} << have_;
      have_ += 8;
    }
  }

  [[nodiscard]] std::uint32_t peek(unsigned count) const {
    return static_cast<std::uint32_t>(at_hand_ & ((std::uint64_t{1} << count) - 1));
  }
  void drop(unsigned count) {
    if (count > left_) {
      failed_ = true;
      count = static_cast<unsigned>(left_);
    }
    left_ -= count;
    at_hand_ >>= count;
    have_ -= count < have_ ? count : have_;
  }
  [[nodiscard]] std::uint32_t take(unsigned count) {
    const auto value = peek(count);
    drop(count);
    return value;
  }

  [[nodiscard]] bool failed() const { return failed_; }

 private:
  ByteView in_;
  std::size_t left_;
  std::size_t next_{0};
  std::uint64_t at_hand_{0};
  unsigned have_{0};
  bool failed_{false};
};

}  // namespace remora::bulk
