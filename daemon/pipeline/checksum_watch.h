#pragma once

#include <array>
#include <cstdint>

#include "capture/base/flow_key.h"
#include "capture/net/packet.h"

namespace remora::pipeline {

/// What to do about TCP checksums in flows of interest.
enum class Checksums : std::uint8_t {
  kAuto,    ///< pass over segments with a wrong one where their sender's were right before
  kVerify,  ///< pass over every segment with a wrong one
  kIgnore,
};

/// Tells segments that their receiver will refuse, so that nobody can feed an analyser with bytes
/// that no receiver reads. A capture made on the sender itself shows all of its checksums wrong,
/// because the network card fills them in later: by kAuto a side is believed whatever it sends
/// until one is right.
///
/// State: constant. Costs a sum over the segment.
class ChecksumWatch {
 public:
  explicit ChecksumWatch(Checksums mode) : mode_{mode} {}

  [[nodiscard]] bool will_be_refused(Side from, const capture::Packet& packet);

 private:
  Checksums mode_;
  std::array<bool, 2> trusted_{};  ///< by index_of(Side): a right one was seen of it
};

}  // namespace remora::pipeline
