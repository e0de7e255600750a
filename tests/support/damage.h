#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace remora::testing {

/// Calls `check` with every proper prefix of `good`, shortest first; each is a copy of exact size,
/// so that the sanitizer sees a read past its end.
template <typename Check>
void for_every_truncation(std::span<const std::byte> good, Check check) {
  for (std::size_t size = 0; size < good.size(); ++size) {
    check(std::vector<std::byte>(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
  }
}

/// Calls `check` with copies of `good` in which one byte differs: its lowest bit, its highest, all.
template <typename Check>
void for_every_changed_byte(std::span<const std::byte> good, Check check) {
  std::vector<std::byte> changed(good.begin(), good.end());
  for (auto& byte : changed) {
    for (const auto flip : {std::byte{0x01}, std::byte{0x80}, std::byte{0xff}}) {
      byte ^= flip;
      check(changed);
      byte ^= flip;
    }
  }
}

}  // namespace remora::testing
