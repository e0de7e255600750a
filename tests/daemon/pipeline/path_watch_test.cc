#include "daemon/pipeline/path_watch.h"

#include <array>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::pipeline {
namespace {

capture::Packet packet(std::uint8_t ttl, std::uint32_t vni = 0) {
  capture::Packet packet;
  packet.ttl = ttl;
  if (vni != 0) {
    packet.tunnels.add({.kind = TunnelKind::kVxlan,
                        .source = *IpAddress::parse("10.0.0.1"),
                        .destination = *IpAddress::parse("10.0.0.2"),
                        .id = vni});
  }
  return packet;
}

std::vector<Finding> news(PathWatch& watch) {
  std::vector<Finding> found;
  watch.take(found);
  return found;
}

TEST(PathWatch, SaysNothingOfAPlainPathThatStaysTheSame) {
  PathWatch watch;
  for (int i = 0; i < 10; ++i) { watch.on_packet(Side::kInitiator, packet(64)); }
  EXPECT_FALSE(watch.has_news());
}

TEST(PathWatch, TellsTunnelsWhenFirstSeenAndWhenTheyChange) {
  PathWatch watch;
  watch.on_packet(Side::kInitiator, packet(64, 5));
  watch.on_packet(Side::kInitiator, packet(64, 5));
  EXPECT_EQ(news(watch).size(), 1U);
  watch.on_packet(Side::kInitiator, packet(64));
  const auto found = news(watch);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(std::get<observation::TunnelsSeen>(found[0].what).tunnels.empty());
}

TEST(PathWatch, KeepsTheSidesApart) {
  PathWatch watch;
  watch.on_packet(Side::kInitiator, packet(64, 5));
  watch.on_packet(Side::kAcceptor, packet(128));
  const auto found = news(watch);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].from, Side::kInitiator);
}

TEST(PathWatch, TellsEachNewDistanceOnce) {
  PathWatch watch;
  for (const auto ttl : std::array<std::uint8_t, 4>{64, 60, 64, 60}) {
    watch.on_packet(Side::kAcceptor, packet(ttl));
  }
  const auto found = news(watch);
  ASSERT_EQ(found.size(), 1U);
  const auto& changed = std::get<observation::DistanceChanged>(found[0].what);
  EXPECT_EQ(changed.ttl_before, 64);
  EXPECT_EQ(changed.ttl_after, 60);
}

TEST(PathWatch, TellsHowARouterWroteItsAddress) {
  PathWatch watch;
  const auto options = testing::hex("07 07 08 0a000001  44 0c 0d 01 0a000002 00000001");
  auto recording = packet(64);
  recording.ip_options = options;
  watch.on_packet(Side::kInitiator, recording);
  const auto found = news(watch);
  ASSERT_EQ(found.size(), 2U);
  using How = observation::RouterSeen::How;
  EXPECT_EQ(std::get<observation::RouterSeen>(found[0].what).how, How::kRecordRoute);
  EXPECT_EQ(std::get<observation::RouterSeen>(found[1].what).how, How::kTimestamp);
}

TEST(PathWatch, TellsOfAPathThatFlapsOnlySoOften) {
  PathWatch watch;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    watch.on_packet(Side::kInitiator, packet(static_cast<std::uint8_t>(i), i % 7 + 1));
  }
  EXPECT_LE(news(watch).size(), 8U + 3U);
}

}  // namespace
}  // namespace remora::pipeline
