#include "dissect/rdp/share/input.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(Input, CountsPressesAndPointerEvents) {
  const auto pdu =
      hex("0700 0000"
          "11223344 0000 0000 02000000"   // lock keys
          "11223344 0400 0000 1e00 0000"  // a key pressed
          "11223344 0400 00c0 1e00 0000"  // and released
          "11223344 0500 0000 6100 0000"  // a character
          "11223344 0180 0008 1000 2000"  // a move
          "11223344 0280 0180 1000 2000"  // a further button
          "11223344 0480 0008 0100 0200"  // a relative move
      );
  const auto input = decode(pdu, read_input);
  ASSERT_TRUE(input.has_value());
  EXPECT_EQ(input->keys, 2U);
  EXPECT_EQ(input->pointer, 3U);
  testing::expect_reader_laws(pdu, read_input);
}

TEST(Input, EndsWithItsBytes) {
  EXPECT_FALSE(decode(hex("ffff0000 11223344 0400 0000 1e00 0000"), read_input).has_value());
  EXPECT_FALSE(decode(hex("00000000"), read_input)->any());
}

}  // namespace
}  // namespace remora::rdp
