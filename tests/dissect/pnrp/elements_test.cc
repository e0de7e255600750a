#include "dissect/pnrp/elements.h"

#include <gtest/gtest.h>

#include "tests/dissect/pnrp/pieces.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::pnrp {
namespace {

using testing::hex;

TEST(Elements, BeginOnMultiplesOfFour) {
  const auto bytes = hex("0043 0007 000000 00 0040 0006 0001 0000");
  Cursor in{bytes};
  const auto first = next_element(in);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->content.size(), 3U);
  const auto second = next_element(in);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->id, FieldId::kFlags);
  EXPECT_FALSE(next_element(in).has_value());
  EXPECT_TRUE(in.ok());
}

TEST(Elements, FailWhereTheirLengthCannotBe) {
  for (const auto* text : {"0040 0003 0001", "0040 0009 0001", "0040 00"}) {
    const auto bytes = hex(text);
    Cursor in{bytes};
    EXPECT_FALSE(next_element(in).has_value()) << text;
    EXPECT_FALSE(in.ok()) << text;
  }
}

TEST(RouteEntry, SaysWhereTheNodeIs) {
  const auto bytes = hex(route_text());
  const auto entry = decode(bytes, read_route_entry);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->port, 3540);
  ASSERT_EQ(entry->addresses.size(), 1U);
  EXPECT_EQ(entry->addresses[0], IpAddress::parse("2001:db8::10"));
  testing::expect_reader_laws(bytes, read_route_entry);
}

TEST(RouteEntry, HasNotMoreAddressesThanTheTextAllows) {
  auto bytes = hex(route_text());
  bytes[37] = std::byte{21};
  bytes.resize(38 + 21 * 16);
  EXPECT_FALSE(decode(bytes, read_route_entry).has_value());
}

}  // namespace
}  // namespace remora::pnrp
