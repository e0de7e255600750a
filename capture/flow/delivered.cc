#include "capture/flow/delivered.h"

#include <algorithm>

namespace remora::capture {

std::size_t Delivered::append(std::uint64_t start, ByteView bytes) {
  if (bytes.empty()) { return 0; }
  std::size_t taken = 0;
  if (ring_ == nullptr) {
    ring_ = std::make_unique<Ring>();
    taken = kBytes;
  }
  if (start != end_) { begin_ = start; }
  end_ = start + bytes.size();
  bytes = bytes.last(std::min(bytes.size(), kBytes));
  begin_ = std::max(begin_, end_ - std::min<std::uint64_t>(end_, kBytes));
  const auto at = static_cast<std::size_t>((end_ - bytes.size()) % kBytes);
  const auto before_wrap = std::min(bytes.size(), kBytes - at);
  std::ranges::copy(bytes.first(before_wrap), ring_->begin() + static_cast<std::ptrdiff_t>(at));
  std::ranges::copy(bytes.subspan(before_wrap), ring_->begin());
  return taken;
}

bool Delivered::agrees(std::uint64_t start, ByteView bytes) const {
  if (ring_ == nullptr) { return true; }
  const auto from = std::max(start, begin_);
  const auto until = std::min(start + bytes.size(), end_);
  if (from >= until) { return true; }
  const auto claimed =
      bytes.subspan(static_cast<std::size_t>(from - start), static_cast<std::size_t>(until - from));
  const ByteView ring{*ring_};
  const auto at = static_cast<std::size_t>(from % kBytes);
  const auto before_wrap = std::min(claimed.size(), kBytes - at);
  return std::ranges::equal(claimed.first(before_wrap), ring.subspan(at, before_wrap)) &&
         std::ranges::equal(claimed.subspan(before_wrap), ring.first(claimed.size() - before_wrap));
}

}  // namespace remora::capture
