#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "capture/base/bytes.h"

namespace remora::encoding {

/// Decodes base64 that comes in pieces, RFC 2045 6.8. Lenient, as mail programs are: what is not of
/// the alphabet is passed over, padding ends a group wherever it stands, and more may follow it.
///
/// State: the bits of an unfinished group. The same text in other pieces gives the same bytes.
class Base64Stream {
 public:
  /// Room that a decoder's output may need beyond the size of its input.
  static constexpr std::size_t kSlack = 0;

  /// Decodes all of `in` into `out`, which has room for `in.size() + kSlack` bytes; returns how
  /// many came out.
  [[nodiscard]] std::size_t decode(ByteView in, std::span<std::byte> out);

 private:
  std::uint32_t bits_{0};
  unsigned held_{0};  ///< how many of `bits_` are not yet given out
};

}  // namespace remora::encoding
