#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

namespace remora::delivery {

/// How long to wait after failures: doubling from `first` to `most`.
struct RetryPolicy {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds most{30'000};
};

/// The pauses of one output. Jitter of a fifth either way: sensors that lost a collector together
/// shall not come back together.
class Backoff {
 public:
  Backoff(RetryPolicy policy, std::uint32_t seed) : policy_{policy}, random_{seed} {}

  /// The pause after one more failure; at least `asked`, what the receiver wants, of which an hour
  /// is believed.
  [[nodiscard]] std::chrono::milliseconds next(
      std::optional<std::chrono::milliseconds> asked = std::nullopt);
  /// Something went well.
  void reset() { failures_ = 0; }

 private:
  RetryPolicy policy_;
  std::mt19937 random_;
  unsigned failures_{0};
};

}  // namespace remora::delivery
