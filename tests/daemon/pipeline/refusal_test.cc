// Connections that nobody accepted: which of them are told on.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/pipeline/flow_worker.h"
#include "daemon/pipeline/refusal_watch.h"
#include "dissect/families.h"
#include "tests/capture/flow/made_packet.h"

namespace remora::pipeline {
namespace {

using capture::MadePacket;
using capture::TcpFlag;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t kSequence = 100;

/// One shard, whose packets come one at a time.
class Refusals : public ::testing::Test {
 protected:
  void see(const capture::Packet& packet) {
    batch_.clear();
    batch_.next_packet() = packet;
    batch_.keep_packet(0);
    worker_.on_batch(batch_, 0, reports_);
  }
  void tick(Nanoseconds time) {
    batch_.clear();
    batch_.add_tick({.time = Moment{time}, .frame = {}});
    worker_.on_batch(batch_, 0, reports_);
  }
  void ask(std::uint32_t client, Nanoseconds time = seconds{1}) {
    see(MadePacket{client, time, {TcpFlag::kSyn}}.with(kSequence));
  }
  void answer(std::uint32_t client, capture::TcpFlags flags,
              std::uint32_t acknowledged = kSequence + 1, Nanoseconds time = seconds{1}) {
    auto packet = MadePacket{client, time, flags}.answering().with(0);
    packet.acknowledgement = acknowledged;
    see(packet);
  }
  void refuse(std::uint32_t client, Nanoseconds time = seconds{1}) {
    ask(client, time);
    answer(client, {TcpFlag::kRst, TcpFlag::kAck}, kSequence + 1, time);
  }
  [[nodiscard]] std::size_t told() const {
    std::size_t count = 0;
    for (const auto& report : reports_) {
      const auto* finding = std::get_if<Finding>(&report.what);
      if (finding == nullptr) { continue; }
      EXPECT_TRUE(std::holds_alternative<observation::ConnectionRefused>(finding->what));
      EXPECT_EQ(finding->from, Side::kAcceptor);
      EXPECT_EQ(report.flow.of(Side::kAcceptor).address.port, Port{3389});
      ++count;
    }
    return count;
  }

  Batch batch_;
  std::vector<FlowReport> reports_;
  FlowWorker worker_{all_families(), {}};
};

TEST_F(Refusals, AreToldOfASynThatWasAnsweredByAnRst) {
  refuse(1);
  EXPECT_EQ(told(), 1U);
}

TEST_F(Refusals, AreNoneWithoutTheSyn) {
  answer(1, {TcpFlag::kRst, TcpFlag::kAck});
  EXPECT_EQ(told(), 0U);
}

TEST_F(Refusals, AreNoneByOneWhoDidNotSeeTheSyn) {
  ask(1);
  answer(1, {TcpFlag::kRst, TcpFlag::kAck}, kSequence + 2);
  answer(1, {TcpFlag::kRst});
  EXPECT_EQ(told(), 0U);
}

TEST_F(Refusals, AreNoneOnceTheListenerHasAnswered) {
  ask(1);
  answer(1, {TcpFlag::kSyn, TcpFlag::kAck});
  answer(1, {TcpFlag::kRst, TcpFlag::kAck});
  EXPECT_EQ(told(), 0U);
}

TEST_F(Refusals, OfAFloodAreToldOnceASecond) {
  for (std::uint32_t client = 0; client < 10'000; ++client) { refuse(client); }
  EXPECT_EQ(told(), 1U);
  tick(seconds{2});
  refuse(20'000, seconds{2} + milliseconds{1});
  EXPECT_EQ(told(), 2U);
}

TEST(RefusalWatch, TellsOfFewListenersASecond) {
  RefusalWatch watch;
  std::size_t told = 0;
  for (std::uint32_t host = 0; host < 10'000; ++host) {
    told += watch.is_news({MadePacket::address(10, host), Port{49672}}) ? 1U : 0U;
  }
  EXPECT_EQ(told, RefusalWatch::kMaxTold);
  watch.on_tick();
  EXPECT_TRUE(watch.is_news({MadePacket::address(10, 9), Port{49672}}));
  EXPECT_FALSE(watch.is_news({MadePacket::address(10, 9), Port{49672}}));
}

}  // namespace
}  // namespace remora::pipeline
