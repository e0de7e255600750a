#include "dissect/mime/encoded_word.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/encoding/base64_stream.h"
#include "dissect/encoding/quoted_printable.h"

namespace remora::mime {
namespace {

struct EncodedWord {
  std::string_view encoding;
  std::string_view text;
  std::size_t size{0};  ///< from "=?" to "?="
};

/// The encoded word that `text`, which starts with "=?", begins with.
[[nodiscard]] std::optional<EncodedWord> read_encoded_word(std::string_view text) {
  const auto charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos) { return std::nullopt; }
  const auto encoding_end = text.find('?', charset_end + 1);
  if (encoding_end != charset_end + 2) { return std::nullopt; }
  const auto end = text.find("?=", encoding_end + 1);
  if (end == std::string_view::npos) { return std::nullopt; }
  return EncodedWord{.encoding = text.substr(charset_end + 1, 1),
                     .text = text.substr(encoding_end + 1, end - encoding_end - 1),
                     .size = end + 2};
}

[[nodiscard]] std::optional<std::string> decode_word(const EncodedWord& word) {
  std::string text{word.text};
  std::vector<std::byte> bytes(text.size() + encoding::QuotedPrintableStream::kSlack);
  std::size_t made = 0;
  if (word.encoding == "B" || word.encoding == "b") {
    made = encoding::Base64Stream{}.decode(as_bytes(text), bytes);
  } else if (word.encoding == "Q" || word.encoding == "q") {
    std::ranges::replace(text, '_', ' ');
    made = encoding::QuotedPrintableStream{}.decode(as_bytes(text), bytes);
  } else {
    return std::nullopt;
  }
  return std::string{as_text(ByteView{bytes}.first(made))};
}

}  // namespace

std::string decode_encoded_words(std::string_view text) {
  std::string decoded;
  bool after_word = false;
  while (!text.empty()) {
    const auto start = std::min(text.find("=?"), text.size());
    const auto between = text.substr(0, start);
    text.remove_prefix(start);
    const auto word = text.empty() ? std::nullopt : read_encoded_word(text);
    const auto plain = word.has_value() ? decode_word(*word) : std::nullopt;
    // White space between two encoded words belongs to neither, section 6.2.
    const bool blank = between.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (!(after_word && plain.has_value() && blank)) { decoded += between; }
    after_word = plain.has_value();
    if (plain.has_value()) {
      decoded += *plain;
      text.remove_prefix(word->size);
    } else if (!text.empty()) {
      decoded += text.substr(0, 2);
      text.remove_prefix(2);
    }
  }
  return decoded;
}

}  // namespace remora::mime
