#include "dissect/encoding/per.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::encoding {
namespace {

using testing::hex;

std::size_t read_length(Cursor& in) {
  return read_per_length(in, "length");
}

TEST(PerLength, IsOneByteBelow80h) {
  EXPECT_EQ(decode(hex("00"), read_length), 0U);
  EXPECT_EQ(decode(hex("7f"), read_length), 127U);
}

TEST(PerLength, IsTwoBytesWithoutTheTopBitElse) {
  EXPECT_EQ(decode(hex("8080"), read_length), 128U);
  EXPECT_EQ(decode(hex("811c"), read_length), 284U);
}

TEST(PerLength, UsesTheBitThatMarksFragmentsElsewhere) {
  EXPECT_EQ(decode(hex("c001"), read_length), 0x4001U);
}

TEST(PerLength, ObeysTheReaderLaws) {
  testing::expect_reader_laws(hex("811c"), read_length);
}

}  // namespace
}  // namespace remora::encoding
