#include "dissect/names/host_name.h"

#include <gtest/gtest.h>

namespace remora::names {
namespace {

TEST(HostName, LosesItsFinalDotAndNothingElse) {
  EXPECT_EQ(to_host_name("rds01.Corp.example."), "rds01.Corp.example");
  EXPECT_EQ(to_host_name("rds_01"), "rds_01");
  EXPECT_EQ(to_host_name("b\xc3\xbcro.local"), "b\xc3\xbcro.local");
}

TEST(HostName, HasGoodLabels) {
  EXPECT_EQ(to_host_name(""), std::nullopt);
  EXPECT_EQ(to_host_name("."), std::nullopt);
  EXPECT_EQ(to_host_name("a..b"), std::nullopt);
  EXPECT_EQ(to_host_name(".a"), std::nullopt);
  EXPECT_TRUE(to_host_name(std::string(63, 'a')).has_value());
  EXPECT_EQ(to_host_name(std::string(64, 'a')), std::nullopt);
}

TEST(HostName, HasAtMost253Bytes) {
  std::string name;
  for (int i = 0; i < 126; ++i) { name += "a."; }
  EXPECT_TRUE(to_host_name(name + "a").has_value());
  EXPECT_EQ(to_host_name(name + "ab"), std::nullopt);
}

TEST(HostName, HoldsNothingOdd) {
  for (const auto* odd : {"a b", "a\tb", "a\x7f", "a\"b", "*.corp.example", "a/b", "a:b", "<a>",
                          "a?", "a|b", "a\\.b", "\xff\xfe", "\x01\x02__MSBROWSE__\x02"}) {
    EXPECT_EQ(to_host_name(odd), std::nullopt) << odd;
  }
}

TEST(HostName, IsNoAddressAndNotEveryMachinesOwn) {
  EXPECT_EQ(to_host_name("192.0.2.7"), std::nullopt);
  EXPECT_EQ(to_host_name("2001:db8::7"), std::nullopt);
  EXPECT_EQ(to_host_name("LocalHost"), std::nullopt);
  EXPECT_EQ(to_host_name("localhost.localdomain"), std::nullopt);
}

}  // namespace
}  // namespace remora::names
