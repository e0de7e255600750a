#include "dissect/conversation/held_calls.h"

#include <algorithm>
#include <iterator>

namespace remora {
namespace {

/// Of a call beside its bytes, so that many small ones count.
constexpr std::size_t kCallBytes = sizeof(HeldCalls::Call) + 16;

}  // namespace

void HeldCalls::add(Side from, ByteView bytes, Instant at) {
  calls_.push_back({.from = from, .at = at, .bytes = {bytes.begin(), bytes.end()}, .missing = 0});
  bytes_.at(index_of(from)) += bytes.size() + kCallBytes;
}

void HeldCalls::add_gap(Side from, std::uint64_t size, Instant at) {
  calls_.push_back({.from = from, .at = at, .bytes = {}, .missing = size});
  bytes_.at(index_of(from)) += kCallBytes;
}

void HeldCalls::append(HeldCalls&& other) {
  calls_.insert(calls_.end(), std::make_move_iterator(other.calls_.begin()),
                std::make_move_iterator(other.calls_.end()));
  for (std::size_t side = 0; side < bytes_.size(); ++side) {
    bytes_.at(side) += other.bytes_.at(side);
  }
}

bool HeldCalls::is_too_much(Moment now) const {
  const auto most = what_ == HeldBack::kSession ? kMaxSessionBytes : kMaxOtherBytes;
  return std::ranges::max(bytes_) > most || now - since_.time > kPatience;
}

}  // namespace remora
