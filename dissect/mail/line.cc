#include "dissect/mail/line.h"

#include <algorithm>

namespace remora::mail {
namespace {

[[nodiscard]] char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

std::optional<Line> first_line(ByteView bytes, std::size_t most) {
  const auto text = as_text(bytes.first(std::min(bytes.size(), most)));
  const auto end = text.find('\n');
  if (end == std::string_view::npos) { return std::nullopt; }
  auto line = text.substr(0, end);
  if (line.ends_with('\r')) { line.remove_suffix(1); }
  return Line{.text = line, .size = end + 1};
}

std::string to_upper(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), upper);
  return result;
}

std::string_view take_word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

std::optional<std::uint32_t> to_number(std::string_view text) {
  if (text.empty() || text.size() > 10) { return std::nullopt; }
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') { return std::nullopt; }
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (number > 0xffffffffU) { return std::nullopt; }
  return static_cast<std::uint32_t>(number);
}

Match begins_with(std::string_view text, std::string_view word) {
  const auto shared = std::min(text.size(), word.size());
  for (std::size_t at = 0; at < shared; ++at) {
    if (upper(text[at]) != word[at]) { return Match::kNo; }
  }
  return shared == word.size() ? Match::kYes : Match::kMore;
}

}  // namespace remora::mail
