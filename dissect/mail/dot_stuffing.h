#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"

namespace remora::mail {

/// Text that ends with a dot on a line of its own, and in which other lines that begin with a dot
/// have one more (RFC 5321 4.5.2, RFC 1939 3); as it comes, in pieces of any size.
///
/// State: what may become the end. LF alone ends a line too, but then `strict_end` is false.
class DotStuffedText {
 public:
  struct Step {
    std::size_t used{0};
    ByteView text{};  ///< borrowed from the input, or of static life
    bool ended{false};
  };
  /// What the beginning of `bytes`, which are not empty, brings; to be called again for the rest.
  /// May use nothing and give text.
  [[nodiscard]] Step next(ByteView bytes);

  /// Bytes are missing: the next are taken for the middle of a line.
  void on_gap() { state_ = State::kText; }

  /// The end, once met, was CR LF, dot, CR LF.
  [[nodiscard]] bool strict_end() const { return strict_; }

 private:
  enum class State : std::uint8_t { kLineStart, kDot, kDotReturn, kText };
  [[nodiscard]] Step on_text(ByteView bytes);

  State state_{State::kLineStart};
  bool after_return_{
      true};  ///< the byte before was CR, or the one before LF at the start of a line
  bool strict_{false};
};

}  // namespace remora::mail
