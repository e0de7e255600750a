#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "capture/base/address.h"

namespace remora::pipeline {

/// Which refusals of connections are told on: once a listener and second of capture time, however
/// many are refused there.
///
/// State: LIMIT kMaxTold listeners a second, so that floods and scans of ports cost next to
/// nothing; further ones are not told.
class RefusalWatch {
 public:
  static constexpr std::size_t kMaxTold = 32;

  [[nodiscard]] bool is_news(const SocketAddress& listener) {
    if (told_.size() >= kMaxTold || std::ranges::find(told_, listener) != told_.end()) {
      return false;
    }
    told_.push_back(listener);
    return true;
  }
  /// Another second has begun.
  void on_tick() { told_.clear(); }

 private:
  std::vector<SocketAddress> told_;
};

}  // namespace remora::pipeline
