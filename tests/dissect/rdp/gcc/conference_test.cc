#include "dissect/rdp/gcc/conference.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;
namespace golden = testing::golden;

const std::string kDuca = "44756361";

TEST(Conference, RequestOfTheSessionHasFourBlocks) {
  const auto bytes = golden::connect_initial();
  const auto conference = decode(golden::conference_request(bytes), read_conference_request);
  ASSERT_TRUE(conference.has_value());
  EXPECT_FALSE(conference->damage.has_value());
  ASSERT_EQ(conference->blocks.size(), 4U);
  EXPECT_EQ(conference->blocks[0].type, 0xc001);
  EXPECT_EQ(conference->blocks[0].body.size(), 212U);
  EXPECT_EQ(conference->blocks[0].offset, 27U);
  EXPECT_EQ(conference->blocks[1].type, 0xc004);
  EXPECT_EQ(conference->blocks[2].type, 0xc002);
  EXPECT_EQ(conference->blocks[3].type, 0xc003);
  expect_reader_laws(golden::conference_request(bytes), read_conference_request);
}

TEST(Conference, ResponseOfTheSessionHasThreeBlocks) {
  const auto bytes = golden::connect_response();
  const auto conference = decode(golden::conference_response(bytes), read_conference_response);
  ASSERT_TRUE(conference.has_value());
  EXPECT_FALSE(conference->damage.has_value());
  ASSERT_EQ(conference->blocks.size(), 3U);
  EXPECT_EQ(conference->blocks[2].type, 0x0c03);
}

TEST(Conference, IsAnErrorWithoutItsKey) {
  EXPECT_EQ(decode(hex("0005 0014"), read_conference_request).error().to_text(),
            "h221NonStandard at 4: no key");
  EXPECT_FALSE(decode(hex(kDuca + "00"), read_conference_response).has_value());
}

TEST(Conference, KeepsTheBlocksBeforeALyingLength) {
  const auto bytes = hex(kDuca +
                         "0e"
                         "06c0 0800 00000000"
                         "02c0 0c00 0100");
  const auto conference = decode(bytes, read_conference_request);
  ASSERT_TRUE(conference.has_value());
  ASSERT_EQ(conference->blocks.size(), 1U);
  ASSERT_TRUE(conference->damage.has_value());
  EXPECT_EQ(conference->damage->to_text(), "userData.userData at 17: 2 of 8 bytes");
}

TEST(Conference, StopsAtABlockSmallerThanItsHeader) {
  const auto bytes = hex(kDuca +
                         "0c"
                         "06c0 0800 00000000"
                         "02c0 0300");
  const auto conference = decode(bytes, read_conference_request);
  ASSERT_TRUE(conference.has_value());
  EXPECT_EQ(conference->blocks.size(), 1U);
  EXPECT_TRUE(conference->damage.has_value());
}

TEST(Conference, ReadsTheBlocksThatAreThereWhenItsOwnLengthLies) {
  const auto bytes = hex(kDuca +
                         "8100"
                         "06c0 0800 00000000");
  const auto conference = decode(bytes, read_conference_request);
  ASSERT_TRUE(conference.has_value());
  EXPECT_EQ(conference->blocks.size(), 1U);
  ASSERT_TRUE(conference->damage.has_value());
  EXPECT_EQ(conference->damage->reason, "ends before its length");
}

TEST(Conference, ReadsAtMost64Blocks) {
  auto text = kDuca + "8104";  // 65 blocks of 4 bytes
  for (int i = 0; i < 65; ++i) { text += "ffc0 0400"; }
  const auto conference = decode(hex(text), read_conference_request);
  ASSERT_TRUE(conference.has_value());
  EXPECT_EQ(conference->blocks.size(), 64U);
  EXPECT_TRUE(conference->damage.has_value());
}

}  // namespace
}  // namespace remora::rdp
