#include "dissect/credssp/json_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "dissect/encoding/text.h"

namespace remora::credssp {
namespace {

constexpr std::string_view kBlanks{" \t\r\n"};

void skip_blanks(std::string_view& in) {
  in.remove_prefix(std::min(in.find_first_not_of(kBlanks), in.size()));
}

/// Behind "\u": four hexadecimal digits. Of a surrogate pair each half becomes U+FFFD: names of
/// accounts have none.
void append_escaped(std::string_view& in, std::string& out) {
  constexpr std::size_t kDigits = 4;
  std::uint32_t character = 0;
  const auto digits = in.substr(0, kDigits);
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), character, 16);
  in.remove_prefix(digits.size());
  encoding::append_utf8(out, static_cast<char32_t>(character));
}

/// Takes a text with its quotation marks off the front; `in` begins with one.
std::string take_text(std::string_view& in) {
  std::string out;
  in.remove_prefix(1);
  while (!in.empty()) {
    auto c = in.front();
    in.remove_prefix(1);
    if (c == '"') { break; }
    if (c == '\\' && !in.empty()) {
      c = in.front();
      in.remove_prefix(1);
      if (c == 'u') {
        append_escaped(in, out);
        continue;
      }
      if (c == 'n' || c == 'r' || c == 't' || c == 'b' || c == 'f') { c = ' '; }
    }
    out.push_back(c);
  }
  return out;
}

/// Passes over what is between texts, up to the next text or the end of the value at this depth.
void skip_value(std::string_view& in) {
  std::size_t depth = 0;
  while (!in.empty()) {
    const auto c = in.front();
    if (c == '"') {
      (void)take_text(in);
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}')) { return; }
    if (c == '{' || c == '[') { ++depth; }
    if ((c == '}' || c == ']') && depth > 0) { --depth; }
    in.remove_prefix(1);
  }
}

std::optional<std::string> take_scalar(std::string_view in) {
  if (in.starts_with('"')) { return encoding::to_utf8(as_bytes(take_text(in))); }
  const auto number = in.substr(0, in.find_first_not_of("-+.0123456789abcdefABCDEFx"));
  if (number.empty()) { return std::nullopt; }
  return std::string{number};
}

}  // namespace

std::optional<std::string> json_scalar(std::string_view object, std::string_view name) {
  skip_blanks(object);
  if (!object.starts_with('{')) { return std::nullopt; }
  object.remove_prefix(1);
  while (true) {
    skip_blanks(object);
    if (!object.starts_with('"')) { return std::nullopt; }
    const auto member = take_text(object);
    skip_blanks(object);
    if (!object.starts_with(':')) { return std::nullopt; }
    object.remove_prefix(1);
    skip_blanks(object);
    if (member == name) { return take_scalar(object); }
    skip_value(object);
    if (!object.starts_with(',')) { return std::nullopt; }
    object.remove_prefix(1);
  }
}

}  // namespace remora::credssp
