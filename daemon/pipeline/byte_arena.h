#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::pipeline {

/// Copies of bytes, all thrown away together; its memory is used again.
class ByteArena {
 public:
  /// Borrowed until `clear`.
  [[nodiscard]] ByteView copy(ByteView bytes);
  void clear();

 private:
  static constexpr std::size_t kBlockBytes = 256U << 10U;

  struct Block {
    std::unique_ptr<std::byte[]> bytes;  // NOLINT(*-avoid-c-arrays): no zeros wanted
    std::size_t size{0};
    std::size_t used{0};
  };

  std::vector<Block> blocks_;
  std::size_t current_{0};
};

}  // namespace remora::pipeline
