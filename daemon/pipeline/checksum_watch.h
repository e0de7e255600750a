#pragma once

#include <array>
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
/// until one is right. Its SYN shows that first.
///
/// State: constant. Costs a sum over the segment.
class ChecksumWatch {
 public:
  /// Which checksums of a side were right: a bit each for `kSegment` and `kHeader`, of both sides.
  using Right = std::uint8_t;

  explicit ChecksumWatch(Checksums mode, Right right = 0) : mode_{mode}, right_{right} {}

  /// What a packet shows of its sender, to be given to the constructor.
  [[nodiscard]] static Right right_ones(Side from, const capture::Packet& packet);

  [[nodiscard]] bool will_be_refused(Side from, const capture::Packet& packet);

 private:
  static constexpr Right kSegment = 1;
  static constexpr Right kHeader = 4;

  [[nodiscard]] bool is_refused(Right kind, bool right);

  Checksums mode_;
  Right right_;
};

}  // namespace remora::pipeline
