#include "dissect/assistance/attributes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "dissect/encoding/text.h"

namespace remora::assistance {
namespace {

constexpr std::size_t kMaxAttributes = 32;
constexpr std::string_view kBlanks{" \t\r\n"};

bool is_name_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ':';
}

/// Characters from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}

  [[nodiscard]] bool take(std::string_view expected) {
    if (!text_.starts_with(expected)) { return false; }
    text_.remove_prefix(expected.size());
    return true;
  }
  /// Whether there were any.
  bool skip_blanks() {
    const auto first = std::min(text_.find_first_not_of(kBlanks), text_.size());
    text_.remove_prefix(first);
    return first > 0;
  }
  [[nodiscard]] std::string take_name() {
    const auto* const end = std::ranges::find_if_not(text_, is_name_character);
    const auto size = static_cast<std::size_t>(end - text_.begin());
    std::string name{text_.substr(0, size)};
    text_.remove_prefix(size);
    return name;
  }
  /// Between quotes of either kind, still with its references.
  [[nodiscard]] std::optional<std::string_view> take_quoted() {
    if (text_.empty() || (text_.front() != '"' && text_.front() != '\'')) { return std::nullopt; }
    const auto end = text_.find(text_.front(), 1);
    if (end == std::string_view::npos) { return std::nullopt; }
    const auto value = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return value;
  }
  [[nodiscard]] bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

struct Entity {
  std::string_view name;
  char32_t character;
};
constexpr std::array kEntities{Entity{"amp", '&'}, Entity{"lt", '<'}, Entity{"gt", '>'},
                               Entity{"quot", '"'}, Entity{"apos", '\''}};

std::optional<char32_t> character_of(std::string_view reference) {
  if (!reference.starts_with('#')) {
    const auto* const known = std::ranges::find(kEntities, reference, &Entity::name);
    return known == kEntities.end() ? std::nullopt : std::optional{known->character};
  }
  reference.remove_prefix(1);
  const bool is_hex = reference.starts_with('x');
  if (is_hex) { reference.remove_prefix(1); }
  std::uint32_t number = 0;
  const auto* const end = reference.data() + reference.size();
  const auto [stop, error] = std::from_chars(reference.data(), end, number, is_hex ? 16 : 10);
  if (error != std::errc{} || stop != end) { return std::nullopt; }
  return char32_t{number};
}

std::optional<std::string> without_references(std::string_view value) {
  if (value.find('<') != std::string_view::npos) { return std::nullopt; }
  std::string out;
  while (!value.empty()) {
    const auto reference = std::min(value.find('&'), value.size());
    out += value.substr(0, reference);
    value.remove_prefix(reference);
    if (value.empty()) { break; }
    const auto end = value.find(';');
    if (end == std::string_view::npos) { return std::nullopt; }
    const auto character = character_of(value.substr(1, end - 1));
    if (!character.has_value()) { return std::nullopt; }
    encoding::append_utf8(out, *character);
    value.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

std::string_view Element::attribute(std::string_view wanted) const {
  const auto place = std::ranges::find(
      attributes, wanted, [](const auto& pair) { return std::string_view{pair.first}; });
  return place == attributes.end() ? std::string_view{} : std::string_view{place->second};
}

std::optional<Element> read_element(std::string_view text) {
  Reader in{text};
  in.skip_blanks();
  if (!in.take("<")) { return std::nullopt; }
  Element element{.name = in.take_name(), .attributes = {}};
  if (element.name.empty()) { return std::nullopt; }
  for (bool apart = in.skip_blanks(); !in.take("/>"); apart = in.skip_blanks()) {
    auto name = in.take_name();
    if (!apart || name.empty() || element.attributes.size() >= kMaxAttributes) {
      return std::nullopt;
    }
    in.skip_blanks();
    if (!in.take("=")) { return std::nullopt; }
    in.skip_blanks();
    const auto quoted = in.take_quoted();
    auto value = quoted.has_value() ? without_references(*quoted) : std::nullopt;
    if (!value.has_value()) { return std::nullopt; }
    element.attributes.emplace_back(std::move(name), std::move(*value));
  }
  in.skip_blanks();
  return in.at_end() ? std::optional{std::move(element)} : std::nullopt;
}

}  // namespace remora::assistance
