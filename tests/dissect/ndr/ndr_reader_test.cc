#include "dissect/ndr/ndr_reader.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::ndr {
namespace {

using testing::hex;

template <typename Read>
auto with_reader(bool little_endian, Read read) {
  return [=](Cursor& in) {
    NdrReader reader{in, little_endian};
    return read(reader);
  };
}

TEST(NdrReader, AlignsNumbersToTheirSizeFromWhereItBegan) {
  const auto bytes = hex("01 ff 0200 03000000 ffffffffffffffff 0000000004000000");
  const auto read = with_reader(true, [](NdrReader& in) {
    EXPECT_EQ(in.u8("a"), 1);
    EXPECT_EQ(in.u16("b"), 2);
    EXPECT_EQ(in.u32("c"), 3U);
    in.skip(1, "d");
    return in.u64("e");
  });
  EXPECT_EQ(decode(bytes, read).value_or(0), 0x0000000400000000ULL);
}

TEST(NdrReader, CountsFromItsOwnStart) {
  const auto bytes = hex("ffff 0500 0600");
  Cursor in{bytes};
  in.skip(2, "before");
  NdrReader reader{in, true};
  EXPECT_EQ(reader.u16("a"), 5);
  EXPECT_EQ(reader.u16("b"), 6);
}

TEST(NdrReader, ReadsTheOrderItIsTold) {
  const auto read = with_reader(false, [](NdrReader& in) { return in.u32("a"); });
  EXPECT_EQ(decode(hex("00000102"), read).value_or(0), 0x102U);
}

// max_count, offset, actual_count, characters with their NUL; [C706] 14.3.4.2
const auto kString = hex("04000000 00000000 03000000 6800 6900 0000");

TEST(NdrReader, ReadsStringsUpToTheirNul) {
  const auto read = with_reader(true, [](NdrReader& in) { return in.wide_string("name"); });
  EXPECT_EQ(decode(kString, read).value_or(""), "hi");
  const auto big = hex("00000003 00000000 00000003 0068 0069 0000");
  EXPECT_EQ(decode(big, with_reader(false, [](NdrReader& in) { return in.wide_string("name"); }))
                .value_or(""),
            "hi");
}

TEST(NdrReader, RefusesStringsWhoseCountsDoNotFit) {
  const auto read = with_reader(true, [](NdrReader& in) { return in.wide_string("name"); });
  EXPECT_FALSE(decode(hex("02000000 00000000 03000000 6800 6900 0000"), read).has_value());
  EXPECT_FALSE(decode(hex("04000000 01000000 03000000 6800 6900 0000"), read).has_value());
  EXPECT_FALSE(decode(hex("ffffffff 00000000 ffffff7f 6800 6900 0000"), read).has_value());
}

TEST(NdrReader, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(
      kString, with_reader(true, [](NdrReader& in) { return in.wide_string("name"); }));
}

TEST(Serialization, TellsOrderAndLength) {
  const auto header =
      decode(hex("01 10 0800 cccccccc 18000000 00000000"), read_serialization_header);
  ASSERT_TRUE(header.has_value());
  EXPECT_TRUE(header->little_endian);
  EXPECT_EQ(header->object_bytes, 24U);
  EXPECT_FALSE(
      decode(hex("02 10 0800 cccccccc 18000000 00000000"), read_serialization_header).has_value());
  const auto big = decode(hex("01 00 0800 cccccccc 00000018 00000000"), read_serialization_header);
  EXPECT_EQ(big.value_or(SerializationHeader{}).object_bytes, 24U);
}

}  // namespace
}  // namespace remora::ndr
