#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "capture/source/byte_source.h"

namespace remora::capture {

/// Reads a source ahead of the one who takes its bytes apart, whoever lends a hand: copying a file
/// out of the page cache is more than half of what there is to do before its packets are looked at.
///
/// One thread takes, any may `read_next`. Bytes come in blocks, all full but the last, each in a
/// buffer that the taker gave and gets back, behind room for what was left over of the one before.
class ReadAhead {
 public:
  using Buffer = std::vector<std::byte>;
  static constexpr std::size_t kRoom = std::size_t{72} << 10U;  ///< for the largest IP packet
  static constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;
  static constexpr std::size_t kBufferBytes = kRoom + kBlockBytes;
  /// LIMIT: blocks that wait to be taken.
  static constexpr std::size_t kBlocks = 3;

  struct Block {
    std::shared_ptr<Buffer> buffer;
    std::size_t end{0};  ///< its bytes are those from kRoom to here
  };

  explicit ReadAhead(std::unique_ptr<ByteSource> source) : source_{std::move(source)} {}

  /// Reads one block ahead. False where nothing is to be read now, or somebody is reading. Threads
  /// meet here, and nowhere else in this room.
  bool read_next();

  /// The next block, read by whoever; empty at the end. For the taker alone. `give` is asked for
  /// buffers first, as many as there may be blocks.
  template <typename Give>
  [[nodiscard]] std::optional<Block> take(Give give) {
    std::unique_lock lock{mutex_};
    while (empty_.size() + ready_.size() + (reading_ ? 1 : 0) < kBlocks) {
      empty_.push_back(give());
    }
    return take(lock);
  }
  /// Why the end came, where it came too early.
  [[nodiscard]] const std::optional<ByteError>& error() const { return error_; }

 private:
  [[nodiscard]] std::optional<Block> take(std::unique_lock<std::mutex>& lock);
  void read_block(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] tl::expected<bool, ByteError> fill(Block& block);

  std::unique_ptr<ByteSource> source_;  ///< of whoever is reading
  std::mutex mutex_;                    ///< of all below
  std::condition_variable block_came_;
  std::vector<std::shared_ptr<Buffer>> empty_;
  std::vector<Block> ready_;  ///< oldest first
  bool reading_{false};       ///< somebody is
  bool ended_{false};
  std::optional<ByteError> error_;
};

}  // namespace remora::capture
