#include "dissect/rdp/gcc/client_cluster.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ClientCluster, ReadsFlagsAndSession) {
  const auto bytes = hex("0f000000 05000000");
  const auto cluster = decode(bytes, read_client_cluster);
  ASSERT_TRUE(cluster.has_value());
  EXPECT_EQ(cluster->flags.raw(), 0x0fU);
  EXPECT_TRUE(cluster->flags.has(ClusterFlag::kRedirectedSessionIdFieldValid));
  EXPECT_FALSE(cluster->flags.has(ClusterFlag::kRedirectedSmartcard));
  EXPECT_EQ(cluster->redirected_session_id, 5U);
  testing::expect_reader_laws(bytes, read_client_cluster);
}

TEST(ClientCluster, MayLackTheSession) {
  EXPECT_FALSE(decode(hex("0d000000"), read_client_cluster)->redirected_session_id.has_value());
}

}  // namespace
}  // namespace remora::rdp
