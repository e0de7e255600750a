#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "capture/base/bytes.h"

namespace remora::encoding {

/// Decodes quoted-printable text that comes in pieces, RFC 2045 6.7. Lenient: an equals sign that
/// begins no escape stands for itself, lower-case digits are digits, white space may stand between
/// a soft break's equals sign and its line end.
///
/// State: an unfinished escape. The same text in other pieces gives the same bytes.
class QuotedPrintableStream {
 public:
  /// Room that the output may need beyond the size of the input.
  static constexpr std::size_t kSlack = 2;

  /// Decodes all of `in` into `out`, which has room for `in.size() + kSlack` bytes; returns how
  /// many came out.
  [[nodiscard]] std::size_t decode(ByteView in, std::span<std::byte> out);

 private:
  enum class Escape : std::uint8_t { kNone, kEquals, kDigit, kBlank, kCarriageReturn };
  [[nodiscard]] std::size_t escaped(std::byte b, std::span<std::byte> out);

  Escape escape_{Escape::kNone};
  std::byte digit_{};  ///< the first of two
};

}  // namespace remora::encoding
