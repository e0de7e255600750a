#include "daemon/shipper/board.h"

#include <gtest/gtest.h>

namespace remora::shipper {
namespace {

using std::chrono::seconds;

internal::v1::Counters counters(bool capturing) {
  internal::v1::Counters told;
  auto& interface = *told.add_interfaces();
  interface.set_name("eth1");
  interface.set_capturing(capturing);
  interface.set_packets(7);
  interface.set_dropped_by_kernel(3);
  (*told.mutable_drops())["not_ip"] = 2;
  return told;
}

TEST(Board, IsAliveWhileItHearsTheSensor) {
  Board board{"1"};
  const auto start = Board::Clock::now();
  EXPECT_FALSE(board.healthy(start).good);
  board.take(counters(true), start);
  EXPECT_TRUE(board.healthy(start + seconds{9}).good);
  EXPECT_FALSE(board.healthy(start + seconds{11}).good);
}

TEST(Board, IsReadyWhileItCapturesAndSpools) {
  Board board{"1"};
  const auto now = Board::Clock::now();
  board.take(counters(false), now);
  EXPECT_FALSE(board.ready(now).good);
  EXPECT_EQ(board.ready(now).reason, "0 of 1 interfaces are captured");
  board.take(counters(true), now);
  EXPECT_TRUE(board.ready(now).good);
  board.spool_problem("the disk is full");
  EXPECT_FALSE(board.ready(now).good);
  EXPECT_EQ(board.ready(now).reason, "the disk is full");
  board.spool_problem({});
  EXPECT_TRUE(board.ready(now).good);
}

TEST(Board, ShowsWhatTheSensorCounted) {
  Board board{"1"};
  board.take(counters(true), Board::Clock::now());
  board.take(counters(true), Board::Clock::now());
  const auto& figures = board.figures();
  ASSERT_EQ(figures.interfaces.size(), 1U);
  EXPECT_EQ(figures.interfaces[0].packets, 7U);
  ASSERT_EQ(figures.drops.size(), 3U);
  EXPECT_EQ(figures.drops[0].count, 3U);
  EXPECT_EQ(figures.drops[2].reason, "not_ip");
}

}  // namespace
}  // namespace remora::shipper
