#include "daemon/pipeline/byte_arena.h"

#include <algorithm>
#include <cstring>

namespace remora::pipeline {

ByteView ByteArena::copy(ByteView bytes) {
  while (current_ < blocks_.size() &&
         blocks_[current_].size - blocks_[current_].used < bytes.size()) {
    ++current_;
  }
  if (current_ == blocks_.size()) {
    const auto size = std::max(kBlockBytes, bytes.size());
    // NOLINTNEXTLINE(*-avoid-c-arrays)
    blocks_.push_back({.bytes = std::unique_ptr<std::byte[]>{new std::byte[size]}, .size = size});
  }
  auto& block = blocks_[current_];
  auto* const to = block.bytes.get() + block.used;
  // Not std::copy: of std::byte that is a loop over bytes where the compiler does not vectorise.
  if (!bytes.empty()) { std::memcpy(to, bytes.data(), bytes.size()); }
  block.used += bytes.size();
  return {to, bytes.size()};
}

void ByteArena::clear() {
  for (auto& block : blocks_) { block.used = 0; }
  current_ = 0;
}

}  // namespace remora::pipeline
