#include "capture/flow/delivered.h"

#include <algorithm>
#include <cstring>

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
  // Not std::copy, which GCC makes a loop of.
  const auto ring = std::span{*ring_};
  std::memcpy(ring.subspan(at, before_wrap).data(), bytes.data(), before_wrap);
  std::memcpy(ring.data(), bytes.data() + before_wrap, bytes.size() - before_wrap);
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
