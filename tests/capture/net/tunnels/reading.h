#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "capture/net/tunnels/encapsulated.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture::testing {

/// What is expected of a tunnel's header, in numbers and text.
struct Expected {
  TunnelKind kind{};
  std::uint32_t id{0};
  std::uint16_t ethertype{0};
  std::string_view payload;  ///< in hexadecimal
};

inline void expect_reads(const std::optional<Encapsulated>& actual, const Expected& expected) {
  ASSERT_TRUE(actual.has_value());
  EXPECT_EQ(actual->kind, expected.kind);
  EXPECT_EQ(actual->id, expected.id);
  EXPECT_EQ(actual->ethertype, expected.ethertype);
  EXPECT_TRUE(std::ranges::equal(actual->payload, remora::testing::hex(expected.payload)));
}

/// The two laws of a tunnel's reader: good bytes cut before `header_bytes` are not read, cut behind
/// them they are; and no changed byte makes it read outside (the sanitizers watch).
template <typename Read>
void expect_tunnel_laws(std::string_view good, std::size_t header_bytes, Read read) {
  const auto bytes = remora::testing::hex(good);
  ASSERT_TRUE(read(ByteView{bytes}).has_value());
  remora::testing::for_every_truncation(bytes, [&](const std::vector<std::byte>& cut) {
    EXPECT_EQ(read(ByteView{cut}).has_value(), cut.size() >= header_bytes)
        << "cut at " << cut.size();
  });
  remora::testing::for_every_changed_byte(bytes, [&](const std::vector<std::byte>& changed) {
    const auto found = read(ByteView{changed});
    if (found.has_value()) { EXPECT_LE(found->payload.size(), changed.size()); }
  });
}

}  // namespace remora::capture::testing
