#pragma once

#include <optional>
#include <string>

namespace remora::session {

/// What the later message says wins; what it leaves open stays.
template <typename T>
void take(std::optional<T>& to, const std::optional<T>& from) {
  if (from.has_value()) { to = from; }
}
inline void take(std::string& to, const std::string& from) {
  if (!from.empty()) { to = from; }
}

}  // namespace remora::session
