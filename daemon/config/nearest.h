#pragma once

#include <set>
#include <string>
#include <string_view>

namespace remora::config {

/// The one of `known` that `word` was most likely meant to be: fewest letters changed, at most a
/// third of them; empty where none is near.
[[nodiscard]] std::string nearest(std::string_view word,
                                  const std::set<std::string, std::less<>>& known);

}  // namespace remora::config
