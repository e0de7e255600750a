#include "dissect/rdp/fast_path.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(FastPathInput, CountsPressesAndPointerEvents) {
  // a pressed, released; a move; a wheel; a character; lock keys; a relative move; a time stamp
  const auto events =
      hex("001e 011e 200008aa02bb01 207802aa02bb01 808100 61 a00008 01000200 c0 11223344");
  const auto input = decode(events, read_fast_path_input, std::uint8_t{8});
  ASSERT_TRUE(input.has_value());
  EXPECT_EQ(input->keys, 2U);
  EXPECT_EQ(input->pointer, 3U);
  EXPECT_TRUE(may_be_fast_path_input(events, events.size(), 8));
  EXPECT_FALSE(may_be_fast_path_input(events, events.size(), 7));
  EXPECT_FALSE(may_be_fast_path_input(events, events.size(), 9));
  testing::expect_reader_laws(events, [](Cursor& in) { return read_fast_path_input(in, 8); });
}

TEST(FastPathInput, HasItsNumberInAByteOfItsOwn) {
  const auto events = hex("02 001e 011e");
  const auto input = decode(events, read_fast_path_input, std::uint8_t{0});
  ASSERT_TRUE(input.has_value());
  EXPECT_EQ(input->keys, 1U);
  EXPECT_TRUE(may_be_fast_path_input(events, 5, 0));
  EXPECT_FALSE(may_be_fast_path_input(events, 6, 0));
}

TEST(FastPathInput, IsNotEverything) {
  EXPECT_EQ(decode(hex("e000"), read_fast_path_input, std::uint8_t{1}).error().to_text(),
            "eventHeader at 1: a code that no event has");
  EXPECT_FALSE(may_be_fast_path_input(hex("081e"), 2, 1));  // a flag that no key has
  EXPECT_FALSE(may_be_fast_path_input({}, 0, 1));
  EXPECT_TRUE(may_be_fast_path_input(hex("00"), 2, 1));  // as far as one sees
}

TEST(FastPathOutput, IsAChainOfUpdates) {
  const auto updates = hex("01 0300 aabbcc 84 21 0200 ddee 05 0000");
  for (std::size_t look = 0; look <= updates.size(); ++look) {
    EXPECT_TRUE(may_be_fast_path_output(ByteView{updates}.first(look), updates.size()));
  }
  EXPECT_FALSE(may_be_fast_path_output(updates, updates.size() - 1));
  EXPECT_FALSE(may_be_fast_path_output(hex("0d 0000"), 3));  // no such update
  EXPECT_FALSE(may_be_fast_path_output(hex("41 0000"), 3));  // no such compression
  EXPECT_FALSE(may_be_fast_path_output(hex("01 0500 aa"), 4));
  EXPECT_FALSE(may_be_fast_path_output({}, 0));
}

TEST(FastPathSecurity, HasFourBytesMoreInFips) {
  const auto bytes = hex("1000 01 07 0102030405060708 ff");
  Cursor in{bytes};
  const auto security = read_fast_path_security(in, EncryptedForm::kFips);
  EXPECT_EQ(security.fips_padding, 7);
  EXPECT_EQ(in.remaining(), 1U);
  Cursor plain{bytes};
  EXPECT_EQ(read_fast_path_security(plain, EncryptedForm::kNonFips).data_signature.size(), 8U);
  EXPECT_EQ(plain.remaining(), 5U);
}

}  // namespace
}  // namespace remora::rdp
