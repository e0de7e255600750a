#include "dissect/mail/imap_tokens.h"

#include <algorithm>

#include "dissect/mail/line.h"

namespace remora::mail {
namespace {

using Kind = ImapToken::Kind;

}  // namespace

ImapToken literal_at_end(std::string_view line) {
  if (!line.ends_with('}')) { return {}; }
  const auto open = line.rfind('{');
  if (open == std::string_view::npos) { return {}; }
  auto digits = line.substr(open + 1, line.size() - open - 2);
  const bool waits = !digits.ends_with('+');
  if (!waits) { digits.remove_suffix(1); }
  const auto size = to_number(digits);
  if (!size.has_value()) { return {}; }
  return {.kind = Kind::kLiteral, .text = line.substr(open), .size = *size, .waits = waits};
}

ImapToken ImapTokens::next() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
  if (rest_.empty()) { return {}; }
  switch (rest_.front()) {
    case '(':
      rest_.remove_prefix(1);
      return {.kind = Kind::kOpen};
    case ')':
      rest_.remove_prefix(1);
      return {.kind = Kind::kClose};
    case '"':
      return take_quoted();
    case '{':
    case '~':
      if (const auto literal = literal_at_end(rest_);
          literal.kind == Kind::kLiteral && rest_.size() - literal.text.size() <= 1) {
        rest_ = {};
        return literal;
      }
      break;
    default:
      break;
  }
  return take_atom();
}

ImapToken ImapTokens::take_quoted() {
  std::size_t end = 1;
  while (end < rest_.size() && rest_[end] != '"') { end += rest_[end] == '\\' ? 2U : 1U; }
  end = std::min(end, rest_.size());
  const auto text = rest_.substr(1, end - 1);
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  return {.kind = Kind::kQuoted, .text = text};
}

/// Up to a blank or parenthesis; what stands in brackets belongs to it: "BODY[HEADER.FIELDS (TO)]".
ImapToken ImapTokens::take_atom() {
  std::size_t end = 0;
  bool in_brackets = false;
  while (end < rest_.size()) {
    const char c = rest_[end];
    if (!in_brackets && (c == ' ' || c == '(' || c == ')')) { break; }
    if (c == '[') { in_brackets = true; }
    if (c == ']') { in_brackets = false; }
    ++end;
  }
  const auto text = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return {.kind = Kind::kAtom, .text = text};
}

std::string unquoted(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] == '\\' && at + 1 < raw.size()) { ++at; }
    text += raw[at];
  }
  return text;
}

bool in_set(std::string_view set, std::uint32_t number) {
  const auto bound = [](std::string_view text) {
    return text == "*" ? 0xffffffffU : to_number(text).value_or(0);
  };
  while (!set.empty()) {
    const auto comma = std::min(set.find(','), set.size());
    const auto range = set.substr(0, comma);
    set.remove_prefix(std::min(comma + 1, set.size()));
    const auto colon = range.find(':');
    const auto first = bound(range.substr(0, colon));
    const auto last = colon == std::string_view::npos ? first : bound(range.substr(colon + 1));
    if (first != 0 && last != 0 && number >= std::min(first, last) &&
        number <= std::max(first, last)) {
      return true;
    }
  }
  return false;
}

}  // namespace remora::mail
