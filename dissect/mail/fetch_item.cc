#include "dissect/mail/fetch_item.h"

#include <algorithm>

#include "dissect/mail/line.h"

namespace remora::mail {
namespace {

using What = FetchItem::What;

/// LIMIT: of a section's numbers.
constexpr std::size_t kMaxSection = 64;

void read_section(std::string_view section, FetchItem& item) {
  const auto is_number = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  const auto word =
      static_cast<std::size_t>(std::ranges::find_if_not(section, is_number) - section.begin());
  auto numbers = section.substr(0, word);
  const auto what = to_upper(section.substr(word));
  if (numbers.ends_with('.')) { numbers.remove_suffix(1); }
  if (numbers.size() > kMaxSection) { return; }
  item.section = numbers;
  const auto text = numbers.empty() ? "TEXT" : std::string{numbers} + ".TEXT";
  if (what.empty()) {
    item.what = numbers.empty() ? What::kMessage : What::kPart;
  } else if (what == "MIME") {
    item.what = What::kMime;
  } else if (what == "HEADER") {
    item.what = What::kHeader;
    item.section = text;
  } else if (what == "TEXT") {
    item.what = What::kText;
    item.section = text;
  }
}

}  // namespace

FetchItem read_fetch_item(std::string_view name) {
  FetchItem item;
  const auto open = name.find('[');
  const auto close = name.rfind(']');
  const auto word = to_upper(name.substr(0, open));
  if (open == std::string_view::npos) {
    if (word == "RFC822") { item.what = What::kMessage; }
    if (word == "RFC822.HEADER") { item = {.what = What::kHeader, .section = "TEXT"}; }
    if (word == "RFC822.TEXT") { item = {.what = What::kText, .section = "TEXT"}; }
    return item;
  }
  if (close == std::string_view::npos || close < open || (word != "BODY" && word != "BINARY")) {
    return item;
  }
  item.decoded = word == "BINARY";
  read_section(name.substr(open + 1, close - open - 1), item);
  auto origin = name.substr(close + 1);
  if (origin.starts_with('<') && origin.ends_with('>')) {
    item.origin = to_number(origin.substr(1, origin.size() - 2));
    if (!item.origin.has_value()) { item.what = What::kOther; }
  }
  return item;
}

}  // namespace remora::mail
