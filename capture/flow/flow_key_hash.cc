#include "capture/flow/flow_key_hash.h"

#include <cstdint>

namespace remora::capture {
namespace {

/// Both halves of a 128-bit product, folded: every bit of either factor moves most of the result.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const auto product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Digits of pi: any odd numbers without pattern would do.
constexpr std::uint64_t kFirst = 0x243f6a8885a308d3U;
constexpr std::uint64_t kSecond = 0x13198a2e03707345U;
constexpr std::uint64_t kThird = 0xa4093822299f31d1U;
constexpr std::uint64_t kFourth = 0x082efa98ec4e6c89U;
constexpr std::uint64_t kFifth = 0x452821e638d01377U;

}  // namespace

std::size_t FlowKeyHash::operator()(const FlowKey& key) const {
  // The three products do not wait for each other, but for the last.
  const auto& low = key.low.address;
  const auto& high = key.high.address;
  const auto ports = (static_cast<std::uint64_t>(key.transport) << 32U) |
                     (static_cast<std::uint64_t>(to_number(key.low.port)) << 16U) |
                     to_number(key.high.port);
  const auto lows = fold(low.upper() ^ kFirst, low.lower() ^ kSecond);
  const auto highs = fold(high.upper() ^ kThird, high.lower() ^ kFourth);
  // Multiplied once more, so that neighbouring ports differ in every bit.
  return fold(fold(lows ^ ports, highs ^ kFifth), kFirst);
}

}  // namespace remora::capture
