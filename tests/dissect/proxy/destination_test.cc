#include "dissect/proxy/destination.h"

#include <gtest/gtest.h>

namespace remora::proxy {
namespace {

TEST(Destination, IsAnAddressWhereItIsOneAndANameElse) {
  observation::ProxyAsked by_address;
  set_target(by_address, "[2001:db8::7]", 3389);
  ASSERT_TRUE(by_address.target.has_value());
  EXPECT_EQ(by_address.target->to_text(), "[2001:db8::7]:3389");
  EXPECT_TRUE(by_address.target_name.empty());

  observation::ProxyAsked by_name;
  set_target(by_name, "rds01.corp.example", 3390);
  EXPECT_FALSE(by_name.target.has_value());
  EXPECT_EQ(by_name.target_name, "rds01.corp.example");
  EXPECT_EQ(by_name.target_port, 3390);
}

TEST(Destination, KnowsPorts) {
  EXPECT_EQ(to_port("3389"), 3389);
  EXPECT_FALSE(to_port("").has_value());
  EXPECT_FALSE(to_port("65536").has_value());
  EXPECT_FALSE(to_port("33x").has_value());
  EXPECT_FALSE(to_port("-1").has_value());
}

TEST(Destination, KnowsAddressesBySize) {
  EXPECT_FALSE(to_address(as_bytes("abc")).has_value());
  EXPECT_EQ(to_address(as_bytes("abcd"))->to_text(), "97.98.99.100");
}

}  // namespace
}  // namespace remora::proxy
