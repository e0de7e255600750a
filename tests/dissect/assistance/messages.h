#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::testing {

using Bytes = std::vector<std::byte>;

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// ASCII as UTF-16LE, without a terminator.
inline Bytes utf16(std::string_view text) {
  Bytes bytes;
  for (const char c : text) {
    bytes.push_back(static_cast<std::byte>(c));
    bytes.push_back(std::byte{0});
  }
  return bytes;
}
inline Bytes utf16z(std::string_view text) {
  return utf16(text) + Bytes(2);
}

inline Bytes u32(std::uint32_t value) {
  Bytes bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<std::byte>(value >> shift));
  }
  return bytes;
}

/// A message with the header of its channel, [MS-RA] 2.2.1.2.
inline Bytes addressed(std::string_view channel, const Bytes& data) {
  const auto name = utf16z(channel);
  return u32(static_cast<std::uint32_t>(name.size())) +
         u32(static_cast<std::uint32_t>(data.size())) + name + data;
}

}  // namespace remora::testing
