#include "daemon/config/nearest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace remora::config {
namespace {

/// LIMIT: longer words are near to nothing.
constexpr std::size_t kMaxLetters = 64;

/// Letters changed, left out, added, or swapped with their neighbour.
std::size_t distance(std::string_view from, std::string_view to) {
  using Row = std::vector<std::size_t>;
  Row before(to.size() + 1);
  Row last(to.size() + 1);
  Row row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    before = std::exchange(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({row[j - 1] + 1, last[j] + 1, changed});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::set<std::string, std::less<>>& known) {
  if (word.size() > kMaxLetters) { return {}; }
  std::string best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto& candidate : known) {
    const auto far = distance(word, candidate);
    if (far < least) {
      least = far;
      best = candidate;
    }
  }
  return best;
}

}  // namespace remora::config
