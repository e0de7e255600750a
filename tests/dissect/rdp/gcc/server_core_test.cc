#include "dissect/rdp/gcc/server_core.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ServerCore, ReadsItsOptionalFields) {
  const auto bytes = hex("0e000800 03000000 0f000000");
  const auto core = decode(bytes, read_server_core);
  ASSERT_TRUE(core.has_value());
  EXPECT_EQ(core->version, 0x8000eU);
  EXPECT_EQ(core->client_requested_protocols, 3U);
  EXPECT_EQ(core->early_capability_flags, 15U);
  testing::expect_reader_laws(bytes, read_server_core);
}

TEST(ServerCore, MayEndAfterItsVersion) {
  const auto core = decode(hex("04000800"), read_server_core);
  ASSERT_TRUE(core.has_value());
  EXPECT_FALSE(core->client_requested_protocols || core->early_capability_flags);
}

}  // namespace
}  // namespace remora::rdp
