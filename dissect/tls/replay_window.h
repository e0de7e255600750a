#pragma once

#include <cstdint>

namespace remora::tls {

/// Which records of an epoch were taken, RFC 6347 4.1.2.6: one that comes again, or so late that
/// this is not known any more, is none that its receiver takes.
class ReplayWindow {
 public:
  [[nodiscard]] bool is_new(std::uint64_t sequence) const {
    if (sequence >= next_) { return true; }
    const auto behind = next_ - 1 - sequence;
    return behind < kSize && (taken_ >> behind & 1U) == 0;
  }

  /// Only of what its protection proved right.
  void take(std::uint64_t sequence) {
    if (sequence >= next_) {
      const auto step = sequence - next_ + 1;
      taken_ = step < kSize ? taken_ << step : 0;
      next_ = sequence + 1;
      taken_ |= 1U;
    } else if (const auto behind = next_ - 1 - sequence; behind < kSize) {
      taken_ |= std::uint64_t{1} << behind;
    }
  }

 private:
  static constexpr std::uint64_t kSize = 64;
  std::uint64_t next_{0};   ///< behind the latest taken; no sequence number has 64 bits
  std::uint64_t taken_{0};  ///< bit n: the one n before the latest
};

}  // namespace remora::tls
