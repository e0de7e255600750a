#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/source/byte_source.h"
#include "capture/source/frame_source.h"
#include "capture/source/read_ahead.h"

namespace remora::capture {

/// A window over a byte source that moves forward. Holds one buffer of 256 KiB, which grows to the
/// largest `peek` only as far as bytes really come; beside it those that others hold, and
/// ReadAhead's.
class ByteReader {
 public:
  explicit ByteReader(std::unique_ptr<ByteSource> source);

  /// All bytes at hand: at least `size`, fewer only where the source ended. Borrowed until the next
  /// `peek` or `skip_far`.
  [[nodiscard]] ByteView peek(std::size_t size) {
    if (end_ - begin_ < size) { fill(size); }
    return ByteView{*buffer_}.subspan(begin_, end_ - begin_);
  }

  /// What `peek` last showed lies in this. A copy keeps those bytes as they are: the reader then
  /// goes on in other memory. Copies are to be made and dropped by the thread that reads.
  [[nodiscard]] const std::shared_ptr<const void>& memory() const { return memory_; }

  /// Steps over bytes that the last `peek` showed; they stay borrowed.
  void skip(std::size_t size) {
    begin_ += size;
    offset_ += size;
  }

  /// Steps over any number of bytes in constant memory; false when the source ends before.
  [[nodiscard]] bool skip_far(std::uint64_t size);

  /// See FrameSource::share_reading; null where the source may wait.
  [[nodiscard]] std::function<bool()> share_reading();
  [[nodiscard]] bool may_wait() const { return ahead_ == nullptr && source_->may_wait(); }

  /// Of all its buffers.
  [[nodiscard]] std::size_t memory_bytes() const;

  /// Of the next byte, from the start of the source.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

  /// Set once the source failed; what came before it is still given.
  [[nodiscard]] const std::optional<ByteError>& error() const { return error_; }

 private:
  using Buffer = ReadAhead::Buffer;

  void fill(std::size_t size);
  void fill_from_ahead(std::size_t size);
  void append(const ReadAhead::Block& block);
  void go_on_in(std::shared_ptr<Buffer> next);

  std::unique_ptr<ByteSource> source_;  ///< null while `ahead_` has it
  std::unique_ptr<ReadAhead> ahead_;    ///< null until somebody reads ahead

  /// A buffer that nobody else holds; the latter has at least so many bytes.
  [[nodiscard]] std::shared_ptr<Buffer> spare();
  [[nodiscard]] std::shared_ptr<Buffer> large_spare(std::size_t size);

  std::shared_ptr<Buffer> buffer_;
  std::shared_ptr<const void> memory_;          ///< the same, for those who keep it
  std::vector<std::shared_ptr<Buffer>> given_;  ///< buffers that others may hold
  /// The same, of those in which large pieces were put together while others read ahead.
  std::vector<std::shared_ptr<Buffer>> large_;
  std::size_t begin_{0};
  std::size_t end_{0};
  std::uint64_t offset_{0};
  bool ended_{false};
  std::optional<ByteError> error_;
};

/// Why fewer bytes came than `what` ("a record") needs.
struct Shortage {
  ReadStatus status{};
  std::string reason;
};
[[nodiscard]] Shortage explain_shortage(const ByteReader& bytes, std::string_view what,
                                        std::size_t have, std::uint64_t need);

}  // namespace remora::capture
