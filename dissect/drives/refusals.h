#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace remora::drives {

/// Which refusals have been told: programs try again and again.
///
/// State: LIMIT `kMaxTold` of a connection, each name once.
class Refusals {
 public:
  static constexpr std::size_t kMaxTold = 64;

  /// True where this one is to be told.
  [[nodiscard]] bool is_news(const std::string& name);

 private:
  std::vector<std::string> told_;
};

}  // namespace remora::drives
