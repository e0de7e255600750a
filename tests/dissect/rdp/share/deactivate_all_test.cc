#include "dissect/rdp/share/deactivate_all.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(DeactivateAll, ReadsItsShare) {
  EXPECT_EQ(decode(hex("ea030100 0100 00"), read_deactivate_all)->share_id, 0x103eaU);
  testing::expect_reader_laws(hex("ea030100 0100 00"), read_deactivate_all);
}

TEST(DeactivateAll, MayBeEmpty) {
  EXPECT_FALSE(decode(ByteView{}, read_deactivate_all)->share_id.has_value());
}

}  // namespace
}  // namespace remora::rdp
