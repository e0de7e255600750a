#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "capture/base/flow_key.h"
#include "capture/net/packet.h"

namespace remora::pipeline {

/// What to do about TCP checksums, and those of IPv4 headers, in flows of interest.
enum class Checksums : std::uint8_t {
  kAuto,    ///< pass over segments with a wrong one where their sender's were right before
  kVerify,  ///< pass over every segment with a wrong one
  kIgnore,
};

/// Tells segments that their receiver will refuse, so that nobody can feed an analyser with bytes
/// that no receiver reads. A capture made on the sender itself shows all of its checksums wrong,
/// because the network card fills them in later: by kAuto a side is believed whatever it sends
/// until one is right. Its SYN shows that first. After so many wrong ones that none is right but by
/// chance (one in 65,536 is), it is believed for good.
///
/// State: constant. Costs a sum over the segment of a side that is not believed for good.
class ChecksumWatch {
 public:
  /// Which checksums of a side were right: a bit each for segments and headers of both sides.
  using Right = std::uint8_t;

  explicit ChecksumWatch(Checksums mode, Right right = 0) : mode_{mode}, right_{right} {}

  /// What a packet shows of its sender, to be given to the constructor.
  [[nodiscard]] static Right right_ones(Side from, const capture::Packet& packet);

  [[nodiscard]] bool will_be_refused(Side from, const capture::Packet& packet);

 private:
  // Bits of `Right`, and the side's index beside them.
  static constexpr std::size_t kSegment = 0;
  static constexpr std::size_t kHeader = 2;

  /// Wrong ones, none right before them, after which a side is believed.
  static constexpr std::uint8_t kWrongUntilBelieved = 32;

  /// `at`: of the kind and the side, a bit of `Right`.
  [[nodiscard]] bool is_refused(std::size_t at, bool right);
  [[nodiscard]] bool is_believed(std::size_t at) const {
    return mode_ == Checksums::kAuto && wrong_.at(at) == kWrongUntilBelieved;
  }

  Checksums mode_;
  Right right_;
  std::array<std::uint8_t, 4> wrong_{};  ///< while none was right; by bit of `Right`
};

}  // namespace remora::pipeline
