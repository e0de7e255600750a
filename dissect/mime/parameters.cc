#include "dissect/mime/parameters.h"

#include <algorithm>
#include <map>
#include <optional>

#include "dissect/encoding/hex.h"

namespace remora::mime {
namespace {

constexpr std::string_view kWhite{" \t\r\n"};

[[nodiscard]] std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) { return {}; }
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

[[nodiscard]] std::string to_lower(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') { c = static_cast<char>(c - 'A' + 'a'); }
  }
  return lower;
}

/// The quoted-string at the start of `text`, which steps over it.
[[nodiscard]] std::string take_quoted(std::string_view& text) {
  std::string value;
  std::size_t at = 1;
  for (; at < text.size() && text[at] != '"'; ++at) {
    const bool quotes =
        text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\');
    if (quotes) { ++at; }
    value += text[at];
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return value;
}

/// The value behind an equals sign, up to the next semicolon, which `text` steps over.
[[nodiscard]] std::string take_value(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kWhite), text.size()));
  std::string value;
  const bool quoted = text.starts_with('"');
  if (quoted) { value = take_quoted(text); }
  const auto end = std::min(text.find(';'), text.size());
  if (!quoted) { value = trim(text.substr(0, end)); }
  text.remove_prefix(std::min(end + 1, text.size()));
  return value;
}

[[nodiscard]] std::string decode_percent(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size()) {
      if (const auto byte = encoding::hex_byte(text[at + 1], text[at + 2])) {
        decoded += static_cast<char>(*byte);
        at += 2;
        continue;
      }
    }
    decoded += text[at];
  }
  return decoded;
}

/// "utf-8'en'x" without character set and language.
[[nodiscard]] std::string_view without_charset(std::string_view value) {
  const auto first = value.find('\'');
  const auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  return second == std::string_view::npos ? value : value.substr(second + 1);
}

/// A parameter's name taken apart, RFC 2231 7: "filename*0*".
struct Name {
  std::string base;
  std::optional<unsigned> section{};
  bool extended{false};
};

[[nodiscard]] Name read_name(std::string_view text) {
  Name name;
  if (text.ends_with('*')) {
    name.extended = true;
    text.remove_suffix(1);
  }
  const auto star = text.rfind('*');
  if (star != std::string_view::npos && text.size() - star <= 3) {
    unsigned section = 0;
    const auto digits = text.substr(star + 1);
    const bool number =
        !digits.empty() && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (number) {
      for (const char c : digits) { section = section * 10 + static_cast<unsigned>(c - '0'); }
      name.section = section;
      text = text.substr(0, star);
    }
  }
  name.base = to_lower(text);
  return name;
}

class Sections {
 public:
  void add(const Name& name, const std::string& value) {
    by_name_[name.base].try_emplace(*name.section, name.extended, value);
  }
  /// Each parameter up to its first missing section.
  void join_into(ParameterizedValue& out) const {
    for (const auto& [base, sections] : by_name_) {
      std::string joined;
      unsigned next = 0;
      const bool extended = sections.begin()->second.first;
      for (const auto& [number, section] : sections) {
        if (number != next++) { break; }
        const std::string_view text =
            number == 0 && section.first ? without_charset(section.second) : section.second;
        joined += section.first ? decode_percent(text) : std::string{text};
      }
      out.parameters.emplace_back(extended ? base + "*" : base, std::move(joined));
    }
  }

 private:
  std::map<std::string, std::map<unsigned, std::pair<bool, std::string>>> by_name_;
};

}  // namespace

std::string_view ParameterizedValue::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(parameters, [&](const auto& each) { return each.first == name; });
  return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
}

ParameterizedValue read_parameters(std::string_view text) {
  ParameterizedValue read;
  const auto end = std::min(text.find(';'), text.size());
  read.value = to_lower(trim(text.substr(0, end)));
  text.remove_prefix(std::min(end + 1, text.size()));
  Sections sections;
  for (std::size_t count = 0; count < kMaxParameters && !text.empty(); ++count) {
    const auto stop = text.find_first_of("=;");
    if (stop == std::string_view::npos) { break; }
    const bool has_value = text[stop] == '=';
    const auto name = read_name(trim(text.substr(0, stop)));
    text.remove_prefix(stop + 1);
    if (!has_value) { continue; }
    auto value = take_value(text);
    if (name.section.has_value()) {
      sections.add(name, value);
    } else if (name.extended) {
      read.parameters.emplace_back(name.base + "*", decode_percent(without_charset(value)));
    } else {
      read.parameters.emplace_back(name.base, std::move(value));
    }
  }
  sections.join_into(read);
  return read;
}

}  // namespace remora::mime
