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

/// RDP 4.0 and RDP 5.0 bulk compression, [MS-RDPBCGR] 3.1.8: one direction.
///
///   known ── lose, an error ──► lost ── AT_FRONT ──► known from the front on ── FLUSHED ──► known
///
/// AT_FRONT says where the packet stands, but nothing of the older bytes: of a lost history only
/// what came since is known, and a copy from elsewhere is an error. FLUSHED makes it all zeros.
///
/// State: LIMIT the history, 8 or 64 KiB, from the first compressed packet on. A packet gives no
/// more than that.
class Mppc {
 public:
  enum class Level : std::uint8_t { k8K, k64K };
  static constexpr std::size_t kHistory8K = 8192;
  static constexpr std::size_t kHistory64K = 65536;

  explicit Mppc(Level level) : level_{level} {}

  /// What the packet holds: part of the history, valid until the next call, or the packet itself
  /// where it is not compressed.
  [[nodiscard]] Result<ByteView> decompress(ByteView packet, PacketFlags flags);
  /// A packet is missing.
  void lose();

  /// How many bytes fit behind those in the history: a packet with more has to go to the front.
  /// Empty: lost.
  [[nodiscard]] std::optional<std::size_t> room() const;
  /// Bytes of memory held.
  [[nodiscard]] std::size_t memory() const { return history_.capacity(); }

 private:
  [[nodiscard]] std::size_t size() const { return level_ == Level::k8K ? kHistory8K : kHistory64K; }
  void flush();
  template <typename Form>
  [[nodiscard]] Result<ByteView> decode(ByteView packet);
  [[nodiscard]] const char* copy(std::size_t at, std::size_t distance, std::size_t length);

  Level level_;
  bool lost_{false};
  std::vector<std::byte> history_;
  std::size_t offset_{0};           ///< HistoryOffset
  std::size_t known_{kHistory64K};  ///< the bytes before this one are known: LIMIT size()
  std::size_t written_{0};          ///< the bytes from this one on are zeros
};

}  // namespace remora::bulk
