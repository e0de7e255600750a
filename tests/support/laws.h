#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "capture/base/cursor.h"

namespace remora::testing {

/// The two laws every reader obeys: each truncation of good bytes ends in an error that names a
/// field and lies within the input, or in a value (fields at the end may be optional); and each
/// single changed byte ends in either, without reading outside (the sanitizers watch).
template <typename Reader>
void expect_reader_laws(std::span<const std::byte> good, Reader read) {
  ASSERT_TRUE(decode(good, read).has_value());
  for (std::size_t size = 0; size < good.size(); ++size) {
    // A copy of exact size, so that the sanitizer sees a read past its end.
    const std::vector<std::byte> cut(good.begin(),
                                     good.begin() + static_cast<std::ptrdiff_t>(size));
    const auto result = decode(cut, read);
    if (!result.has_value()) {
      EXPECT_FALSE(result.error().field.empty()) << "cut at " << size;
      EXPECT_LE(result.error().offset, size);
    }
  }
  std::vector<std::byte> changed(good.begin(), good.end());
  for (auto& byte : changed) {
    for (const auto flip : {std::byte{0x01}, std::byte{0x80}, std::byte{0xff}}) {
      byte ^= flip;
      (void)decode(changed, read);
      byte ^= flip;
    }
  }
}

}  // namespace remora::testing
