#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace remora::mime {

/// A structured header value: "attachment; filename=x". RFC 2045 5.1, RFC 2183, RFC 2231.
struct ParameterizedValue {
  std::string value;  ///< what stands before the first semicolon; lower case
  /// Name in lower case, and bytes in the character set of the sender; the first of each name.
  /// Continuations are joined, percent escapes decoded; the asterisk stays at the name of a
  /// parameter that had its character set with it: "filename*".
  std::vector<std::pair<std::string, std::string>> parameters;

  /// Empty when there is none.
  [[nodiscard]] std::string_view find(std::string_view name) const;
};

/// LIMIT: parameters read, continuations counted one by one.
inline constexpr std::size_t kMaxParameters = 64;

/// Lenient: a value without quotes goes up to the semicolon, a backslash that quotes nothing stays.
[[nodiscard]] ParameterizedValue read_parameters(std::string_view text);

}  // namespace remora::mime
