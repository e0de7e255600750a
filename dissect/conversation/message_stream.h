#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/conversation/channel.h"

namespace remora {

/// How to read a message whose start is known.
struct MessagePlan {
  enum class How : std::uint8_t {
    kPassOver,
    kWhole,    ///< put together, where it is small enough
    kContent,  ///< as it comes, from `content_at` on
  };
  How how{How::kPassOver};
  std::size_t content_at{0};       ///< at most as large as the start
  std::uint64_t content_bytes{0};  ///< at most what the message has there
};

/// The messages of one side of a channel, small ones whole, of large ones the start and then what
/// they carry as it comes. The same calls however the message is cut, but for the cuts of content.
///
/// State: LIMIT one message of `kMaxMessage` bytes. Larger ones are not put together.
class MessageStream {
 public:
  static constexpr std::size_t kMaxMessage = 16U << 10U;

  /// `start_bytes`: what `reader` needs to see before it decides, less of smaller messages.
  explicit MessageStream(std::size_t start_bytes) : start_bytes_{start_bytes} {}

  /// Of a clear piece. `reader` has
  ///   MessagePlan plan(ByteView start, std::uint32_t total);
  ///   void on_message(ByteView message);
  ///   void on_content(ByteView bytes, bool last);
  template <typename Reader>
  void on_piece(const ChannelPiece& piece, Reader& reader) {
    if (piece.offset == 0) { begin(); }
    if (how_ == MessagePlan::How::kPassOver && !starting_) { return; }
    if (piece.offset != next_) {
      drop();
      return;
    }
    next_ += static_cast<std::uint32_t>(piece.bytes.size());
    auto bytes = piece.bytes;
    if (starting_) {
      const auto wanted = std::min<std::size_t>(start_bytes_, piece.total);
      const auto taken = std::min(bytes.size(), wanted - kept_.size());
      keep(bytes.first(taken));
      bytes = bytes.subspan(taken);
      if (kept_.size() < wanted) { return; }
      starting_ = false;
      decide(reader.plan(kept_, piece.total), piece.total);
      if (how_ == MessagePlan::How::kContent) { lead(ByteView{kept_}.subspan(skip_), reader); }
    }
    if (how_ == MessagePlan::How::kContent) {
      if (!bytes.empty()) { lead(bytes, reader); }
    } else if (how_ == MessagePlan::How::kWhole) {
      keep(bytes);
      if (kept_.size() == piece.total) {
        how_ = MessagePlan::How::kPassOver;
        reader.on_message(kept_);
      }
    }
  }

  /// The rest of the message is missing.
  void drop();

 private:
  void begin();
  void keep(ByteView bytes) { kept_.insert(kept_.end(), bytes.begin(), bytes.end()); }
  void decide(const MessagePlan& plan, std::uint32_t total);

  template <typename Reader>
  void lead(ByteView bytes, Reader& reader) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left_));
    left_ -= size;
    const bool last = left_ == 0;
    if (last) { how_ = MessagePlan::How::kPassOver; }
    if (size > 0 || last) { reader.on_content(bytes.first(size), last); }
  }

  std::size_t start_bytes_;
  std::vector<std::byte> kept_;
  std::uint32_t next_{0};
  std::size_t skip_{0};
  std::uint64_t left_{0};
  MessagePlan::How how_{MessagePlan::How::kPassOver};
  bool starting_{false};
};

}  // namespace remora
