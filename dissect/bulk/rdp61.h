#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/result.h"
#include "dissect/bulk/mppc.h"
#include "dissect/bulk/packet_flags.h"

namespace remora::bulk {

/// RDP 6.1 bulk compression, [MS-RDPEGDI] 3.1.8.2: server to client. Two levels, each with a
/// history of its own: RDP61_COMPRESSED_DATA (2.2.2.4.1) names long matches, and RDP 5.0 goes over
/// the rest.
///
///   known ── lose, an error ──► lost ── L1_PACKET_AT_FRONT, FLUSHED ──► known
///
/// SPEC: L1_PACKET_AT_FRONT makes the history zeros for the receiver (3.1.8.2.3) and moves an
/// offset for the sender (3.1.8.2.2.2). A match with what stood there before is an error here.
///
/// State: LIMIT the histories, 2,000,000 and 65,536 bytes; the first grows with what is in it.
class Rdp61 {
 public:
  static constexpr std::size_t kHistory = 2'000'000;
  static constexpr std::size_t kMaxOutput = 65536;  ///< LIMIT: of a packet; the sender's is 16,383

  /// Valid until the next call.
  [[nodiscard]] Result<ByteView> decompress(ByteView packet, PacketFlags flags);
  void lose();
  [[nodiscard]] std::optional<std::size_t> room() const {
    return lost_ ? std::nullopt : std::optional{kHistory - history_.size()};
  }
  [[nodiscard]] std::size_t memory() const { return history_.capacity() + level2_.memory(); }

  /// Whether the packet starts the level-1 history.
  [[nodiscard]] static bool is_at_front(ByteView packet);

 private:
  [[nodiscard]] Result<ByteView> expand(ByteView data, bool matches);

  bool lost_{false};
  std::vector<std::byte> history_;  ///< up to HistoryOffset
  Mppc level2_{Mppc::Level::k64K};
};

}  // namespace remora::bulk
