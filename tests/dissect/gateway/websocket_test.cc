#include "dissect/gateway/websocket.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::gateway {
namespace {

using testing::hex;

FrameHeader header_of(std::string_view text) {
  return *decode(hex(text), read_frame_header);
}

TEST(WebSocket, FrameHeaderHasThreeFormsOfLength) {
  EXPECT_EQ(header_of("82 05").length, 5U);
  EXPECT_EQ(header_of("82 7e 0100").length, 256U);
  EXPECT_EQ(header_of("82 7f 0000000000010000").length, 65536U);
  const auto masked = header_of("82 85 01020304");
  EXPECT_TRUE(masked.masked);
  EXPECT_EQ(to_u8(masked.key[3]), 4);
}

TEST(WebSocket, FrameHeaderIsMeasured) {
  for (const auto* text : {"82 05", "82 7e 0100", "82 7f 0000000000010000", "82 85 01020304"}) {
    const auto bytes = hex(text);
    EXPECT_EQ(measure_frame_header(bytes).size(), bytes.size());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_TRUE(measure_frame_header(ByteView{bytes}.first(size)).needs_more());
    }
    testing::expect_reader_laws(bytes, read_frame_header);
  }
}

TEST(WebSocket, FramesOfExtensionsAreNotKnown) {
  EXPECT_TRUE(header_of("82 05").is_plausible());
  EXPECT_TRUE(header_of("89 05").is_plausible());
  EXPECT_FALSE(header_of("c2 05").is_plausible());
  EXPECT_FALSE(header_of("83 05").is_plausible());
  EXPECT_FALSE(header_of("89 7e 0100").is_plausible());
}

}  // namespace
}  // namespace remora::gateway
