#include "daemon/publish/handle.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::publish {
namespace {

TEST(Handle, IsTheBeginningOfAnHmac) {
  // RFC 4231 4.3, whose text is in small letters but for its question mark.
  EXPECT_EQ(handle_of("what do ya want for nothing?", as_bytes("Jefe")), "5bdcc146bf60754e");
}

TEST(Handle, IsOneOfANameInEitherCase) {
  const auto key = as_bytes("0123456789abcdef");
  EXPECT_EQ(handle_of("WS-EVA", key), handle_of("ws-eva", key));
  EXPECT_NE(handle_of("ws-eva", key), handle_of("ws-eve", key));
  EXPECT_NE(handle_of("ws-eva", key), handle_of("ws-eva", as_bytes("0123456789abcdeF")));
  EXPECT_EQ(handle_of(std::string(100'000, 'x'), key).size(), 16U);
}

}  // namespace
}  // namespace remora::publish
