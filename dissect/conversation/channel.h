#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/observation/observation.h"

namespace remora {

/// Something of a named channel that a protocol carries: a stretch of one message, in order.
struct ChannelPiece {
  enum class Kind : std::uint8_t {
    kClear,
    kSealed,  ///< its bytes are encrypted; how many there are is known
    kLost,    ///< the rest of the message that was begun is missing, perhaps others behind it
  };
  std::string_view channel;  ///< its name; borrowed until the dissector is called again
  Side from{};
  Kind kind{Kind::kClear};
  ByteView bytes{};          ///< of kClear; borrowed likewise
  std::uint32_t offset{0};   ///< of `bytes` in their message
  std::uint32_t total{0};    ///< of kClear: the message's size; of kSealed: the chunk's
  bool compressible{false};  ///< of kSealed: the lengths may be those of compressed bytes
  Certainty certainty{Certainty::kObserved};

  [[nodiscard]] bool is_whole() const { return offset == 0 && bytes.size() == total; }
  [[nodiscard]] bool is_last() const { return offset + bytes.size() >= total; }
};

/// Puts the messages of one side of a channel together, as far as they are small.
///
/// State: LIMIT one message of `kMaxMessage` bytes; larger ones are passed over.
class ChannelMessage {
 public:
  static constexpr std::size_t kMaxMessage = 16U << 10U;

  /// The whole message when `piece` completes it, else nothing. Valid until the next call.
  [[nodiscard]] ByteView on_piece(const ChannelPiece& piece);

 private:
  std::vector<std::byte> kept_;
  bool gathering_{false};
};

}  // namespace remora
