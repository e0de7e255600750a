#include "daemon/siem/flat_text.h"

#include <algorithm>

#include "daemon/siem/paths.h"

namespace remora::siem {

std::string text_of(const Row& row, const Json& facts) {
  const auto* value = find(facts, row.from);
  if (value == nullptr) { return {}; }
  const auto converted = row.as(*value);
  if (converted.is_null()) { return {}; }
  if (!converted.is_string()) { return to_line(converted); }
  // The writer of JSON replaces what is not UTF-8, and its reader undoes the escapes.
  return Json::parse(to_line(converted)).get<std::string>();
}

std::string without_controls(std::string_view text) {
  std::string clean{text};
  std::ranges::replace_if(
      clean, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
  return clean;
}

}  // namespace remora::siem
