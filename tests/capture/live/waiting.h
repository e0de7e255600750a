#pragma once

#include <chrono>
#include <functional>
#include <poll.h>
#include <thread>

namespace remora::testing {

/// Does `step` until it is content, or a limit that is far beyond what it takes. No test passes by
/// being slow, or fails by being a little slower.
inline bool until(const std::function<bool()>& step) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (std::chrono::steady_clock::now() < end) {
    if (step()) { return true; }
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return false;
}

}  // namespace remora::testing
