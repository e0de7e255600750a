#include "daemon/net/address.h"

#include <gtest/gtest.h>

namespace remora::net {
namespace {

TEST(Address, IsAHostAndAPort) {
  const auto address = Address::parse("collector.example:4319");
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(address->host, "collector.example");
  EXPECT_EQ(address->port, 4319);
  EXPECT_EQ(to_string(*address), "collector.example:4319");
}

TEST(Address, OfIpv6StandsInBrackets) {
  const auto address = Address::parse("[2001:db8::1]:514");
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(address->host, "2001:db8::1");
  EXPECT_EQ(address->port, 514);
  EXPECT_EQ(to_string(*address), "[2001:db8::1]:514");
}

TEST(Address, NeedsNoPortWhereThereIsADefault) {
  EXPECT_EQ(Address::parse("localhost", 6514)->port, 6514);
  EXPECT_EQ(Address::parse("[::1]", 6514)->port, 6514);
  EXPECT_EQ(Address::parse("localhost:1", 6514)->port, 1);
  EXPECT_FALSE(Address::parse("localhost").has_value());
}

TEST(Address, ThatIsNoneIsRefusedWithAReason) {
  for (const std::string text : {"", ":1", "a:", "a:b", "a:65536", "a:-1", "a:1x", "::1", "::1:80",
                                 "[::1", "[::1]80", "[]:1", "a b:1", "a\n:1"}) {
    const auto address = Address::parse(text);
    ASSERT_FALSE(address.has_value()) << text;
    EXPECT_NE(address.error().find("expected HOST:PORT"), std::string::npos) << address.error();
  }
  EXPECT_FALSE(Address::parse(std::string(256, 'a') + ":1").has_value());
  EXPECT_TRUE(Address::parse(std::string(255, 'a') + ":1").has_value());
}

}  // namespace
}  // namespace remora::net
