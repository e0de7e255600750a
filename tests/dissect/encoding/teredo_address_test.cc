#include "dissect/encoding/teredo_address.h"

#include <gtest/gtest.h>

namespace remora::encoding {
namespace {

/// The example that is told of RFC 4380 everywhere.
TEST(TeredoAddress, TellsServerAndWhatTheNatShows) {
  const auto read = read_teredo_address(*IpAddress::parse("2001:0:4136:e378:8000:63bf:3fff:fdd2"));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->server.to_text(), "65.54.227.120");
  EXPECT_EQ(read->mapped.to_text(), "192.0.2.45:40000");
}

TEST(TeredoAddress, IsNoOther) {
  EXPECT_FALSE(read_teredo_address(*IpAddress::parse("2001:db8::1")).has_value());
  EXPECT_FALSE(read_teredo_address(*IpAddress::parse("32.1.0.0")).has_value());
}

}  // namespace
}  // namespace remora::encoding
