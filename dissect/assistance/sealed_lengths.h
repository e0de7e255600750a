#pragma once

#include <array>
#include <cstdint>

#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/observation/assistance.h"

namespace remora::assistance {

/// Tells the sizes of a channel's encrypted messages (protocols-ra.md 4.6): chunks are added up,
/// and of large messages of one size that follow one another, the blocks of a file, the first is
/// told at once and the others together. State: constant.
class SealedLengths {
 public:
  explicit SealedLengths(observation::SealedAssistance::Channel channel) : channel_{channel} {}

  void on_chunk(Side from, std::uint32_t bytes, bool compressible, Instant at, Findings& out);
  /// Chunks of that side are missing.
  void on_loss(Side from) { sides_.at(index_of(from)) = {}; }

 private:
  struct Progress {
    std::uint64_t message{0};  ///< bytes of the message that is coming in
    std::uint64_t size{0};     ///< of the last one
    std::uint64_t again{0};    ///< messages of that size behind the one that was told
    Instant last;              ///< of the latest of them
  };

  void tell(Side from, std::uint64_t bytes, std::uint64_t messages, bool compressible, Instant at,
            Findings& out) const;

  observation::SealedAssistance::Channel channel_;
  std::array<Progress, 2> sides_{};  ///< by index_of(Side)
};

}  // namespace remora::assistance
