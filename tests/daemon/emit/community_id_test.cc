#include "daemon/emit/community_id.h"

#include <gtest/gtest.h>

namespace remora::emit {
namespace {

SocketAddress end(const char* address, std::uint16_t port) {
  return {*IpAddress::parse(address), Port{port}};
}

// The vectors of the specification and of protocols-rdp.md 9.5.
TEST(CommunityId, IsThatOfTheSpecification) {
  EXPECT_EQ(community_id(Transport::kTcp, end("128.232.110.120", 34855), end("66.35.250.204", 80)),
            "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  EXPECT_EQ(
      community_id(Transport::kTcp, end("128.232.110.120", 34855), end("66.35.250.204", 80), 1),
      "1:3V71V58M3Ksw/yuFALMcW0LAHvc=");
  EXPECT_EQ(community_id(Transport::kUdp, end("192.168.1.52", 54585), end("8.8.8.8", 53)),
            "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
  EXPECT_EQ(community_id(Transport::kTcp, end("2001:470:e5bf:dead:4957:2174:e82c:4887", 63943),
                         end("2607:f8b0:400c:c03::1a", 25)),
            "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
  EXPECT_EQ(community_id(Transport::kTcp, end("1.2.3.4", 4584), end("43.3.132.3", 3483)),
            "1:koNcqhFRD5kb254ZrLsdv630jCM=");
  EXPECT_EQ(community_id(Transport::kTcp, end("192.168.1.10", 49152), end("192.168.1.20", 3389)),
            "1:gCujwpkV07wh5ab06yD4UCtOU9o=");
  EXPECT_EQ(community_id(Transport::kUdp, end("192.168.1.10", 49152), end("192.168.1.20", 3389)),
            "1:A/CAvPss8f5AJ44pOE2CBZoawHs=");
}

TEST(CommunityId, IsTheSameInBothDirections) {
  const auto a = end("192.0.2.1", 50000);
  const auto b = end("192.0.2.2", 3389);
  EXPECT_EQ(community_id(Transport::kTcp, a, b), community_id(Transport::kTcp, b, a));
}

}  // namespace
}  // namespace remora::emit
