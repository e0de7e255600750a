#include "dissect/http/document_name.h"

#include <algorithm>
#include <optional>

#include "dissect/encoding/hex.h"
#include "dissect/encoding/text.h"
#include "dissect/mime/part_headers.h"

namespace remora::http {
namespace {

/// Percent-encoding undone; what is none stays.
[[nodiscard]] std::string percent_decoded(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = at + 2 < text.size() && text[at] == '%'
                          ? encoding::hex_byte(text[at + 1], text[at + 2])
                          : std::nullopt;
    if (!byte.has_value()) {
      bytes.push_back(text[at]);
      continue;
    }
    bytes.push_back(static_cast<char>(*byte));
    at += 2;
  }
  return bytes;
}

[[nodiscard]] std::string printable(std::string_view bytes) {
  return encoding::to_utf8(as_bytes(bytes));
}

[[nodiscard]] std::string_view before(std::string_view text, char mark) {
  return text.substr(0, text.find(mark));
}

/// unreserved, RFC 3986 2.3, and bytes beyond ASCII: encoded or not, they mean the same.
[[nodiscard]] bool means_the_same(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool number = c >= '0' && c <= '9';
  return letter || number || std::string_view{"-._~ "}.find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string file_name_of_target(std::string_view target) {
  if (target.size() > kMaxPlaceBytes) { return {}; }
  auto path = before(before(without_authority(target), '#'), '?');
  const auto slash = path.rfind('/');
  if (slash != std::string_view::npos) { path.remove_prefix(slash + 1); }
  return mime::to_file_name(percent_decoded(path));
}

std::string place_of_target(std::string_view target) {
  const auto place = before(target, '#');
  if (place.size() > kMaxPlaceBytes) { return {}; }
  std::string text;
  for (std::size_t at = 0; at < place.size(); ++at) {
    const auto three = place.substr(at, 3);
    const auto decoded = three.size() == 3 ? percent_decoded(three) : std::string{};
    if (decoded.size() == 1 && means_the_same(decoded[0])) {
      text += decoded;
      at += 2;
    } else {
      text.push_back(place[at]);
    }
  }
  return printable(text);
}

std::string_view without_authority(std::string_view uri) {
  const auto scheme = uri.find("://");
  if (scheme == std::string_view::npos || uri.find('/') < scheme) { return uri; }
  const auto path = uri.find('/', scheme + 3);
  return path == std::string_view::npos ? std::string_view{"/"} : uri.substr(path);
}

}  // namespace remora::http
