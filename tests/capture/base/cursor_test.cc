#include "capture/base/cursor.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora {
namespace {

using testing::hex;

TEST(Cursor, ReadsBothByteOrdersFromLeftToRight) {
  const auto bytes =
      hex("01"                // u8
          "0203"              // u16le
          "04050607"          // u32le
          "08090a0b0c0d0e0f"  // u64le
          "1011"              // u16be
          "121314"            // u24be
          "15161718"          // u32be
          "191a1b1c1d1e1f20"  // u64be
          "ffffffff");        // i32le
  Cursor in{bytes};
  EXPECT_EQ(in.u8("a"), 0x01);
  EXPECT_EQ(in.u16le("b"), 0x0302);
  EXPECT_EQ(in.u32le("c"), 0x07060504U);
  EXPECT_EQ(in.u64le("d"), 0x0f0e0d0c0b0a0908U);
  EXPECT_EQ(in.u16be("e"), 0x1011);
  EXPECT_EQ(in.u24be("f"), 0x121314U);
  EXPECT_EQ(in.u32be("g"), 0x15161718U);
  EXPECT_EQ(in.u64be("h"), 0x191a1b1c1d1e1f20U);
  EXPECT_EQ(in.i32le("i"), -1);
  EXPECT_TRUE(in.ok());
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(in.offset(), bytes.size());
}

TEST(Cursor, StaysFailedAndKeepsTheFirstError) {
  const auto bytes = hex("0102 03");
  Cursor in{bytes};
  EXPECT_EQ(in.u16be("first"), 0x0102);
  EXPECT_EQ(in.u16be("second"), 0);
  EXPECT_EQ(in.u8("third"), 0);
  EXPECT_TRUE(in.bytes(1, "fourth").empty());
  EXPECT_TRUE(in.rest().empty());
  in.fail("fifth", "too late");
  EXPECT_FALSE(in.ok());
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_FALSE(in.peek_u8().has_value());
  EXPECT_EQ(in.error(), (ReadError{.field = "second", .offset = 2, .reason = "1 of 2 bytes"}));
  EXPECT_EQ(in.error().to_text(), "second at 2: 1 of 2 bytes");
}

TEST(Cursor, AChildReadsNoFurtherThanItsOwnSize) {
  const auto bytes = hex("aa 0102 bb");
  Cursor in{bytes};
  in.skip(1, "before");
  auto child = in.sub(2, "child");
  EXPECT_EQ(in.offset(), 3U);
  EXPECT_EQ(child.offset(), 1U);
  EXPECT_EQ(child.u16be("value"), 0x0102);
  EXPECT_TRUE(child.at_end());
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.u8("after"), 0xbb);
}

TEST(Cursor, AnErrorInAGrandchildNamesThePathAndTheOffsetInTheWholeInput) {
  const auto bytes = hex("aa bb cc dd ee");
  Cursor in{bytes};
  in.skip(1, "before");
  auto child = in.sub(4, "child");
  child.skip(1, "inner");
  auto grandchild = child.sub(2, "grandchild");
  (void)grandchild.u32le("value");
  EXPECT_FALSE(child.ok());
  EXPECT_EQ(in.error(),
            (ReadError{.field = "child.grandchild.value", .offset = 2, .reason = "2 of 4 bytes"}));
}

TEST(Cursor, AChildThatDoesNotFitIsFailedFromTheStart) {
  const auto bytes = hex("0102");
  Cursor in{bytes};
  auto child = in.sub(3, "child");
  EXPECT_FALSE(child.ok());
  EXPECT_EQ(child.u8("value"), 0);
  EXPECT_EQ(in.error().field, "child");
}

TEST(Cursor, FieldsThatOlderPeersLeaveOutAreEmptyWithoutError) {
  const auto bytes = hex("01 0203");
  Cursor in{bytes};
  EXPECT_EQ(in.u8_if_present("a"), 0x01);
  EXPECT_EQ(in.u16le_if_present("b"), 0x0302);
  EXPECT_EQ(in.u32le_if_present("c"), std::nullopt);
  EXPECT_TRUE(in.ok());
}

TEST(Cursor, AFieldThatIsThereInPartIsAnError) {
  const auto bytes = hex("01");
  Cursor in{bytes};
  (void)in.u16le_if_present("half");
  EXPECT_EQ(in.error().field, "half");
}

TEST(Cursor, AnUnexpectedValueIsReportedWhereItStands) {
  const auto bytes = hex("03 00 0013");
  Cursor in{bytes};
  in.expect_u8(3, "version");
  in.skip(1, "reserved");
  in.expect_u16be(0x14, "length");
  EXPECT_EQ(in.error(), (ReadError{.field = "length", .offset = 2, .reason = "unexpected value"}));
}

TEST(Cursor, ASizeFromTheWireCannotOverflow) {
  const auto bytes = hex("01020304");
  Cursor in{bytes};
  in.skip(2, "before");
  EXPECT_TRUE(in.bytes(static_cast<std::size_t>(-1), "huge").empty());
  EXPECT_FALSE(in.ok());
}

TEST(Decode, GivesTheValueOrTheFirstError) {
  const auto read = [](Cursor& in, int factor) { return in.u16be("value") * factor; };
  EXPECT_EQ(decode(hex("0003 ff"), read, 2), 6);
  EXPECT_EQ(decode(hex("00"), read, 2).error().field, "value");
}

TEST(Decode, ObeysTheReaderLaws) {
  testing::expect_reader_laws(hex("03 0102 aabbcc"), [](Cursor& in) {
    const auto size = in.u8("size");
    in.skip(2, "reserved");
    return in.sub(size, "body").rest().size();
  });
}

}  // namespace
}  // namespace remora
