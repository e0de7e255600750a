#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/result.h"
#include "dissect/bulk/packet_flags.h"

namespace remora::bulk {

/// RDP 6.0 bulk compression, [MS-RDPEGDI] 3.1.8.1: server to client.
///
///   known ── lose, an error ──► lost ── AT_FRONT ──► known from the middle on ── FLUSHED ──► known
///
/// AT_FRONT slides the history back by half its size: the 32 KiB before HistoryOffset stay. Of a
/// lost history, and of a lost OffsetCache, only what came since is known; what refers to more is
/// an error. FLUSHED makes it all zeros, and the cache empty.
///
/// State: LIMIT the history, 64 KiB, from the first compressed packet on. A packet gives no more.
class Rdp60 {
 public:
  static constexpr std::size_t kHistory = 65536;
  static constexpr std::size_t kMiddle = kHistory / 2;

  /// Valid until the next call.
  [[nodiscard]] Result<ByteView> decompress(ByteView packet, PacketFlags flags);
  void lose();
  [[nodiscard]] std::optional<std::size_t> room() const {
    return lost_ ? std::nullopt : std::optional{kHistory - offset_};
  }
  [[nodiscard]] std::size_t memory() const { return history_.capacity(); }

 private:
  void flush();
  void slide();
  [[nodiscard]] Result<ByteView> decode(ByteView packet);
  [[nodiscard]] const char* copy(std::size_t at, std::size_t distance, std::size_t length);

  bool lost_{false};
  std::vector<std::byte> history_;
  std::size_t offset_{0};                        ///< HistoryOffset
  std::size_t reach_{kHistory};                  ///< how many bytes before it are known
  std::size_t written_{0};                       ///< the bytes from this one on are zeros
  std::array<std::uint32_t, 4> offset_cache_{};  ///< 0: empty, or not known
};

}  // namespace remora::bulk
