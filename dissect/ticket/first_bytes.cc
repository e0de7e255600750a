#include "dissect/ticket/first_bytes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace remora::ticket {
namespace {

using namespace std::string_view_literals;

constexpr char kBeyondAscii = '\x7f';
constexpr auto kWhite = " \t\r\n"sv;

/// How characters stand in the bytes.
struct Form {
  std::size_t mark_bytes{0};  ///< byte order mark
  std::size_t unit{1};
  std::size_t low{0};  ///< the byte of a unit that holds what ASCII has
};

[[nodiscard]] std::optional<Form> form_of(ByteView bytes) {
  const auto text = as_text(bytes.first(std::min<std::size_t>(bytes.size(), 3)));
  if (text.starts_with("\xef\xbb\xbf"sv)) { return Form{.mark_bytes = 3}; }
  if (text.starts_with("\xff\xfe"sv)) { return Form{.mark_bytes = 2, .unit = 2, .low = 0}; }
  if (text.starts_with("\xfe\xff"sv)) { return Form{.mark_bytes = 2, .unit = 2, .low = 1}; }
  if (text.starts_with("\0"sv)) { return Form{.unit = 2, .low = 1}; }
  if (text.size() > 1 && text[1] == '\0') { return Form{.unit = 2, .low = 0}; }
  if ("\xef\xbb\xbf"sv.starts_with(text) || text == "\xff"sv || text == "\xfe"sv ||
      text.size() < 2) {
    return std::nullopt;
  }
  return Form{};
}

/// The characters, all beyond ASCII alike.
[[nodiscard]] std::string characters(ByteView bytes, const Form& form) {
  bytes = bytes.subspan(form.mark_bytes);
  bytes = bytes.first(std::min(bytes.size(), kMaxPrologBytes));
  std::string text;
  text.reserve(bytes.size() / form.unit);
  for (std::size_t at = 0; at + form.unit <= bytes.size(); at += form.unit) {
    const auto low = to_u8(bytes[at + form.low]);
    const auto high = form.unit == 2 ? to_u8(bytes[at + 1 - form.low]) : 0;
    text.push_back(high == 0 && low < 0x7f ? static_cast<char>(low) : kBeyondAscii);
  }
  return text;
}

[[nodiscard]] char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// kYes when `text` begins with `start` (upper case; any case will do), kMore when it still can.
[[nodiscard]] Verdict begins(std::string_view text, std::string_view start) {
  const auto shared = std::min(text.size(), start.size());
  for (std::size_t at = 0; at < shared; ++at) {
    if (to_upper(text[at]) != start[at]) { return Verdict::kNo; }
  }
  return shared == start.size() ? Verdict::kYes : Verdict::kMore;
}

[[nodiscard]] std::string_view without_white(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kWhite), text.size()));
  return text;
}

[[nodiscard]] Verdict judge_root(std::string_view text) {
  constexpr std::array kRoots{"<UPLOADINFO"sv, "<E><"sv, "65538,1,"sv, "<!DOCTYPE UPLOADINFO"sv};
  auto verdict = Verdict::kNo;
  for (const auto root : kRoots) {
    const auto judged = begins(text, root);
    if (judged == Verdict::kYes) { return judged; }
    if (judged == Verdict::kMore) { verdict = judged; }
  }
  return verdict;
}

struct Passed {
  std::string_view open;
  std::string_view close;
};

/// What may stand before the root element.
constexpr std::array kPassed{Passed{"<?"sv, "?>"sv}, Passed{"<!--"sv, "-->"sv}};

/// True when it stepped over white space, a declaration or a comment that is all there.
[[nodiscard]] bool step(std::string_view& text) {
  text = without_white(text);
  for (const auto& [open, close] : kPassed) {
    if (!text.starts_with(open)) { continue; }
    const auto end = text.find(close, open.size());
    if (end == std::string_view::npos) { return false; }
    text.remove_prefix(end + close.size());
    return true;
  }
  return false;
}

[[nodiscard]] Verdict judge_text(std::string_view text) {
  while (step(text)) {}
  const auto root = judge_root(text);
  if (root != Verdict::kNo) { return root; }
  for (const auto& [open, close] : kPassed) {
    if (begins(text, open) != Verdict::kNo) { return Verdict::kMore; }  // not all there
  }
  return Verdict::kNo;
}

/// What rules out nearly everything.
[[nodiscard]] bool may_come_first(std::uint8_t byte) {
  constexpr auto kFirst = "<6 \t\r\n\0\xef\xff\xfe"sv;
  return kFirst.find(static_cast<char>(byte)) != std::string_view::npos;
}

}  // namespace

Verdict judge_first_bytes(ByteView first_bytes) {
  if (first_bytes.empty()) { return Verdict::kMore; }
  if (!may_come_first(to_u8(first_bytes[0]))) { return Verdict::kNo; }
  const auto form = form_of(first_bytes);
  if (!form.has_value()) { return Verdict::kMore; }
  const auto verdict = judge_text(characters(first_bytes, *form));
  const bool looked_at_all = first_bytes.size() >= form->mark_bytes + kMaxPrologBytes;
  return verdict == Verdict::kMore && looked_at_all ? Verdict::kNo : verdict;
}

}  // namespace remora::ticket
