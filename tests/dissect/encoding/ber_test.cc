#include "dissect/encoding/ber.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::encoding {
namespace {

using testing::expect_reader_laws;
using testing::hex;

std::size_t read_length(Cursor& in) {
  return read_ber_length(in, "length");
}
BerTag read_tag(Cursor& in) {
  return read_ber_tag(in, "tag");
}
BerElement read_element(Cursor& in) {
  return read_ber_element(in, "element");
}
std::uint64_t read_integer(Cursor& in) {
  return read_ber_unsigned(in, BerTag::kInteger, "number");
}

TEST(BerLength, IsOneByteBelow80h) {
  EXPECT_EQ(decode(hex("00"), read_length), 0U);
  EXPECT_EQ(decode(hex("7f"), read_length), 127U);
}

TEST(BerLength, IsReadFromUpToFourBytesBehindTheirCount) {
  EXPECT_EQ(decode(hex("81 ff"), read_length), 0xffU);
  EXPECT_EQ(decode(hex("82 0199"), read_length), 0x199U);
  EXPECT_EQ(decode(hex("83 010203"), read_length), 0x010203U);
  EXPECT_EQ(decode(hex("84 01020304"), read_length), 0x01020304U);
}

TEST(BerLength, IsAnErrorWhenIndefiniteOrOfMoreThanFourBytes) {
  EXPECT_EQ(decode(hex("80"), read_length).error().reason, "indefinite length");
  EXPECT_EQ(decode(hex("85 0102030405"), read_length).error().reason, "length of too many octets");
}

TEST(BerTag, KeepsAllIdentifierOctets) {
  EXPECT_EQ(decode(hex("30"), read_tag), BerTag::kSequence);
  EXPECT_EQ(decode(hex("7f65"), read_tag), BerTag{0x7f65});
  EXPECT_EQ(decode(hex("7f8101"), read_tag), BerTag{0x7f8101});
}

TEST(BerTag, IsAnErrorWhenItsNumberDoesNotEnd) {
  EXPECT_FALSE(decode(hex("7f818181"), read_tag).has_value());
}

TEST(BerElement, BordersItsContent) {
  const auto bytes = hex("04 02 aabb cc");
  const auto element = decode(bytes, read_element);
  ASSERT_TRUE(element.has_value());
  EXPECT_EQ(element->tag, BerTag::kOctetString);
  ASSERT_EQ(element->content.size(), 2U);
  EXPECT_EQ(element->content[1], std::byte{0xbb});
}

TEST(BerElement, ObeysTheReaderLaws) {
  expect_reader_laws(hex("7f65 82 0003 010203"), read_element);
}

TEST(BerUnsigned, ReadsBigEndianContent) {
  EXPECT_EQ(decode(hex("02 03 00ffff"), read_integer), 65535U);
  EXPECT_EQ(decode(hex("02 00"), read_integer), 0U);
  expect_reader_laws(hex("02 03 00ffff"), read_integer);
}

TEST(BerUnsigned, RefusesAnotherTagAndTooManyBytes) {
  EXPECT_EQ(decode(hex("04 01 00"), read_integer).error().reason, "unexpected tag");
  EXPECT_FALSE(decode(hex("02 09 010203040506070809"), read_integer).has_value());
}

}  // namespace
}  // namespace remora::encoding
