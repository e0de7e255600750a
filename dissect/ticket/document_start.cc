#include "dissect/ticket/document_start.h"

#include <algorithm>
#include <array>
#include <optional>

#include "dissect/encoding/host_name.h"

namespace remora::ticket {
namespace {

constexpr std::string_view kWhite{" \t\r\n"};
constexpr std::string_view kExtension{".msrcincident"};

std::string_view without_white(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kWhite), text.size()));
  return text;
}

/// Behind a document type declaration; empty while its end has not come.
std::optional<std::string_view> behind_doctype(std::string_view text) {
  const auto bracket = text.find('[');
  auto end = text.find('>');
  if (bracket < end) {
    const auto closed = text.find(']', bracket);
    end = closed == std::string_view::npos ? closed : text.find('>', closed);
  }
  if (end == std::string_view::npos) { return std::nullopt; }
  return text.substr(end + 1);
}

struct Passed {
  std::string_view open;
  std::string_view close;
};
/// What may stand before the root element, beside a document type declaration.
constexpr std::array kPassed{Passed{"<?", "?>"}, Passed{"<!--", "-->"}};
constexpr std::string_view kDoctype{"<!DOCTYPE"};

/// The text from the root element on; empty while it has not come.
std::optional<std::string_view> root_in(std::string_view text) {
  while (true) {
    text = without_white(text);
    const auto passed = std::ranges::find_if(
        kPassed, [&](const Passed& each) { return text.starts_with(each.open); });
    if (passed != kPassed.end()) {
      const auto end = text.find(passed->close, passed->open.size());
      if (end == std::string_view::npos) { return std::nullopt; }
      text.remove_prefix(end + passed->close.size());
    } else if (text.starts_with(kDoctype)) {
      const auto behind = behind_doctype(text);
      if (!behind.has_value()) { return std::nullopt; }
      text = *behind;
    } else {
      return text;
    }
  }
}

/// Whether a text that goes on may begin with `word`.
bool may_begin(std::string_view text, std::string_view word) {
  return text.size() < word.size() && word.starts_with(text);
}

DocumentStart judge_root(std::string_view root) {
  if (root.starts_with("<UPLOADINFO")) { return DocumentStart::kInvitation; }
  if (root.starts_with("<E>")) {
    const auto inside = without_white(root.substr(3));
    if (inside.size() < 3) {
      return inside.empty() || may_begin(inside, "<A ") ? DocumentStart::kMore
                                                        : DocumentStart::kOther;
    }
    return inside.starts_with("<A") && kWhite.find(inside[2]) != std::string_view::npos
               ? DocumentStart::kConnectionString2
               : DocumentStart::kOther;
  }
  if (root.starts_with("65538,")) { return DocumentStart::kConnectionString1; }
  for (const auto* word : {"<UPLOADINFO", "<E>", "65538,", "<?", "<!--", "<!DOCTYPE"}) {
    if (may_begin(root, word)) { return DocumentStart::kMore; }
  }
  return DocumentStart::kOther;
}

/// What rules out most documents.
bool may_come_first(std::byte byte) {
  const auto value = to_u8(byte);
  return value == '<' || value == '6' || value == 0 || value >= 0xef ||
         kWhite.find(static_cast<char>(value)) != std::string_view::npos;
}

DocumentStart judge_text(ByteView first) {
  const auto undecided =
      first.size() < kMaxPrologBytes ? DocumentStart::kMore : DocumentStart::kOther;
  if (first.size() < 3) { return undecided; }
  const auto text = to_text(first, text_form_of(first));
  const auto root = root_in(text.utf8);
  if (!root.has_value()) { return undecided; }
  const auto judged = judge_root(*root);
  return judged == DocumentStart::kMore ? undecided : judged;
}

}  // namespace

DocumentStart judge_start(ByteView first) {
  if (first.empty()) { return DocumentStart::kMore; }
  if (!may_come_first(first[0])) { return DocumentStart::kOther; }
  // A few tell of nearly all that is none, for much less than all of them.
  constexpr std::size_t kFew = 32;
  const auto told = judge_text(first.first(std::min(first.size(), kFew)));
  return told == DocumentStart::kMore && first.size() > kFew ? judge_text(first) : told;
}

bool is_ticket_name(std::string_view file_name) {
  return file_name.size() >= kExtension.size() &&
         encoding::same_name(file_name.substr(file_name.size() - kExtension.size()), kExtension);
}

}  // namespace remora::ticket
