#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::encoding {

/// What a stream decoder makes of `text` given to it in pieces of `size` bytes.
template <typename Stream>
[[nodiscard]] std::string decoded_in_pieces(std::string_view text, std::size_t size) {
  Stream stream;
  std::string out;
  for (auto rest = as_bytes(text); !rest.empty();) {
    const auto piece = rest.first(std::min(size, rest.size()));
    // Of exact size, so that the sanitizer sees a byte written too far.
    std::vector<std::byte> room(piece.size() + Stream::kSlack);
    const auto made = stream.decode(piece, room);
    out += as_text(ByteView{room}.first(made));
    rest = rest.subspan(piece.size());
  }
  return out;
}

/// The same however the text is cut, else where it first differed.
template <typename Stream>
[[nodiscard]] std::string decoded(std::string_view text) {
  auto whole = decoded_in_pieces<Stream>(text, text.size() + 1);
  for (std::size_t size = 1; size <= text.size(); ++size) {
    const auto pieces = decoded_in_pieces<Stream>(text, size);
    if (pieces != whole) { return "in pieces of " + std::to_string(size) + ": " + pieces; }
  }
  return whole;
}

}  // namespace remora::encoding
