#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/conversation/dissector.h"

namespace remora::testing {

using Bytes = std::vector<std::byte>;

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Fields as a Windows peer writes them.
inline Bytes little(std::uint64_t value, std::size_t size) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) {
    bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
  }
  return bytes;
}
inline Bytes u16(std::uint64_t value) {
  return little(value, 2);
}
inline Bytes u32(std::uint64_t value) {
  return little(value, 4);
}
inline Bytes u64(std::uint64_t value) {
  return little(value, 8);
}
inline Bytes text(std::string_view bytes) {
  const auto view = as_bytes(bytes);
  return {view.begin(), view.end()};
}
/// ASCII as UTF-16LE, with its terminator.
inline Bytes utf16z(std::string_view ascii) {
  Bytes bytes;
  for (const char c : ascii) { bytes = bytes + u16(static_cast<unsigned char>(c)); }
  return bytes + u16(0);
}

struct Said {
  Side from{};
  Bytes message;
  ChannelPiece::Kind kind{ChannelPiece::Kind::kClear};
};

/// What a reader of the channel finds in the talk, each message cut into pieces of this size.
inline std::vector<Finding> hear(ChannelDissector& reader, std::string_view channel,
                                 const std::vector<Said>& talk, std::size_t piece = 1U << 20U) {
  Findings out;
  for (const auto& said : talk) {
    const auto total = static_cast<std::uint32_t>(said.message.size());
    std::size_t at = 0;
    do {
      // A copy of exact size, so that the sanitizer sees a read past its end.
      const auto size = std::min(piece, said.message.size() - at);
      const Bytes copy(said.message.begin() + static_cast<std::ptrdiff_t>(at),
                       said.message.begin() + static_cast<std::ptrdiff_t>(at + size));
      reader.on_piece({.channel = channel,
                       .from = said.from,
                       .kind = said.kind,
                       .bytes = copy,
                       .offset = static_cast<std::uint32_t>(at),
                       .total = total},
                      {}, out);
      at += size;
    } while (at < said.message.size());
  }
  return out.found();
}

}  // namespace remora::testing
