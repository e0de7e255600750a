#include "dissect/encoding/host_name.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::encoding {
namespace {

TEST(HostName, MayBeShortDottedOrStrange) {
  EXPECT_TRUE(may_be_host_name("WS-ALICE"));
  EXPECT_TRUE(may_be_host_name("srv_1.corp.example"));
  EXPECT_TRUE(may_be_host_name("b\xc3\xbcro"));
}

TEST(HostName, IsNoAddressNoPathAndNothingDamaged) {
  EXPECT_FALSE(may_be_host_name(""));
  EXPECT_FALSE(may_be_host_name("."));
  EXPECT_FALSE(may_be_host_name("192.0.2.7"));
  EXPECT_FALSE(may_be_host_name("2001:db8::7"));
  EXPECT_FALSE(may_be_host_name("*SMBSERVER"));
  EXPECT_FALSE(may_be_host_name("a\\b"));
  EXPECT_FALSE(may_be_host_name("a/b"));
  EXPECT_FALSE(may_be_host_name("a b"));
  EXPECT_FALSE(may_be_host_name("a\xef\xbf\xbd"));
  EXPECT_FALSE(may_be_host_name(std::string(256, 'a')));
}

TEST(HostName, ComparesWithoutCase) {
  EXPECT_TRUE(same_name("SRV", "srv"));
  EXPECT_FALSE(same_name("SRV", "SRV1"));
  EXPECT_FALSE(same_name("SRV", "SRW"));
}

}  // namespace
}  // namespace remora::encoding
