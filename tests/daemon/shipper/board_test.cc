#include "daemon/shipper/board.h"

#include <cmath>
#include <vector>

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

std::vector<settings::Interface> known() {
  std::vector<settings::Interface> interfaces(1);
  interfaces[0].name = "eth1";
  return interfaces;
}

TEST(Board, IsAliveWhileItHearsTheSensor) {
  Board board{"1"};
  const auto start = Board::Clock::now();
  EXPECT_FALSE(board.healthy(start).good);
  board.take(counters(true), known(), start);
  EXPECT_TRUE(board.healthy(start + seconds{9}).good);
  EXPECT_FALSE(board.healthy(start + seconds{11}).good);
}

TEST(Board, IsReadyWhileItCapturesAndSpools) {
  Board board{"1"};
  const auto now = Board::Clock::now();
  board.take(counters(false), known(), now);
  EXPECT_FALSE(board.ready(now).good);
  EXPECT_EQ(board.ready(now).reason, "0 of 1 interfaces are captured");
  board.take(counters(true), known(), now);
  EXPECT_TRUE(board.ready(now).good);
  board.spool_problem("the disk is full");
  EXPECT_FALSE(board.ready(now).good);
  EXPECT_EQ(board.ready(now).reason, "the disk is full");
  board.spool_problem({});
  EXPECT_TRUE(board.ready(now).good);
}

TEST(Board, ShowsWhatTheSensorCounted) {
  Board board{"1"};
  board.take(counters(true), known(), Board::Clock::now());
  board.take(counters(true), known(), Board::Clock::now());
  const auto& figures = board.figures();
  ASSERT_EQ(figures.interfaces.size(), 1U);
  EXPECT_EQ(figures.interfaces[0].packets, 7U);
  ASSERT_EQ(figures.drops.size(), 3U);
  EXPECT_EQ(figures.drops[0].count, 3U);
  EXPECT_EQ(figures.drops[2].reason, "not_ip");
}

TEST(Board, DoesNotMissASensorThatHasToWait) {
  Board board{"1"};
  const auto start = Board::Clock::now();
  board.take(counters(true), known(), start);
  board.sensor_waits(true);
  EXPECT_TRUE(board.healthy(start + seconds{100}).good);
  board.sensor_waits(false);
  EXPECT_FALSE(board.healthy(start + seconds{100}).good);
}

TEST(Board, BelievesASensorNothingThatCannotBe) {
  Board board{"1"};
  auto told = counters(true);
  told.add_interfaces()->set_name("invented");
  *told.add_interfaces() = told.interfaces(0);
  for (int number = 0; number < 10'000; ++number) {
    (*told.mutable_drops())["reason" + std::to_string(number)] = 1;
  }
  for (const double lag : {-1.0, 1e300, std::nan("")}) {
    told.set_lag_seconds(lag);
    board.take(told, known(), Board::Clock::now());
    EXPECT_FALSE(board.figures().capture_lag.has_value());
  }
  EXPECT_EQ(board.interfaces(), 1U);
  EXPECT_LE(board.figures().drops.size(), 256U);
}

}  // namespace
}  // namespace remora::shipper
