#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace remora::assistance {

/// The attributes of one XML element without content.
struct Element {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;

  /// Empty where it has no such attribute.
  [[nodiscard]] std::string_view attribute(std::string_view wanted) const;
};

/// Reads `<NAME a="…" b='…'/>`, and nothing else: no declarations, no entities but the five
/// predefined ones and character references, no content. Absent where the text is anything else.
/// LIMIT: 32 attributes.
[[nodiscard]] std::optional<Element> read_element(std::string_view text);

}  // namespace remora::assistance
