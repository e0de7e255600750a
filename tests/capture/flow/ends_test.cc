// Which FINs and RSTs end a connection, and which were somebody else's.

#include "capture/flow/ends.h"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "capture/flow/flow_table.h"
#include "tests/capture/flow/made_packet.h"

namespace remora::capture {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint8_t kFarTtl = 50;

/// Of interest, its handshake and "abcd" of both sides captured: 105 and 505 are next.
class Ending : public ::testing::Test {
 protected:
  Ending() {
    see(made({TcpFlag::kSyn}, 100, 0));
    flow_ = see(made({TcpFlag::kSyn, TcpFlag::kAck}, 500, 101, false)).flow;
    table_.attach_detail(*flow_);
    flow_->interest = Interest::kWanted;
    data(101, 501);
    data(501, 105, false);
  }

  MadePacket made(TcpFlags flags, std::uint32_t sequence, std::uint32_t acknowledgement,
                  bool from_client = true, std::string_view text = {}) const {
    MadePacket packet{1, now_, flags};
    if (!from_client) { packet.answering(); }
    packet.with(sequence, text).acknowledgement = acknowledgement;
    return packet;
  }
  FlowTable::Placed see(const Packet& packet) {
    table_.expire(packet.at.time, ended_);
    const auto placed = table_.place(packet, ended_);
    if (placed.flow->detail != nullptr) {
      auto& streams = placed.flow->detail->streams;
      auto& stream = streams.at(index_of(placed.from));
      if (!packet.payload.empty()) { stream.add(packet.sequence, packet.payload, 0, packet.at); }
      while (stream.next(packet.at.time)) {}
      if (packet.flags.has(TcpFlag::kAck)) {
        streams.at(index_of(other(placed.from)))
            .acknowledged(packet.acknowledgement, 0, packet.at.time);
      }
    }
    table_.follow_state(placed, packet);
    return placed;
  }
  void data(std::uint32_t sequence, std::uint32_t acknowledgement, bool from_client = true) {
    see(made({TcpFlag::kAck}, sequence, acknowledgement, from_client, "abcd"));
  }
  void ack(std::uint32_t sequence, std::uint32_t acknowledgement, bool from_client = true) {
    see(made({TcpFlag::kAck}, sequence, acknowledgement, from_client));
  }
  void fin(std::uint32_t sequence, std::uint32_t acknowledgement, bool from_client = true) {
    see(made({TcpFlag::kFin, TcpFlag::kAck}, sequence, acknowledgement, from_client));
  }
  void reset(std::uint32_t sequence, bool from_client = true, std::uint8_t ttl = 64) {
    auto packet = made({TcpFlag::kRst}, sequence, 0, from_client);
    packet.ttl = ttl;
    see(packet);
  }
  bool noted(Evasion kind = Evasion::kBlindReset) { return flow_->detail->evasions.has(kind); }
  /// How the flow ends when the capture does.
  EndedFlow end() {
    table_.finish(ended_);
    EXPECT_EQ(ended_.size(), 1U);
    return std::move(ended_.at(0));
  }

  FlowTable table_{{}};
  std::vector<EndedFlow> ended_;
  Flow* flow_{nullptr};
  Nanoseconds now_{seconds{10}};
};

TEST_F(Ending, ByFinsIsOverWhenBothAreAcknowledged) {
  fin(105, 505);
  EXPECT_FALSE(flow_->closing) << "anybody may have sent it";
  now_ += seconds{1};
  fin(505, 106, false);
  EXPECT_TRUE(flow_->closing);
  EXPECT_FALSE(flow_->over);
  ack(106, 506);
  EXPECT_TRUE(flow_->over);
  const auto ended = end();
  EXPECT_EQ(ended.how, FlowEnd::kFin);
  EXPECT_EQ(ended.at, Moment{seconds{10}});
  EXPECT_EQ(ended.flow.closed_by, Side::kInitiator);
  EXPECT_TRUE(ended.flow.fin_seen[0] && ended.flow.fin_seen[1]);
  EXPECT_FALSE(ended.flow.detail->evasions.has(Evasion::kBlindReset));
}

TEST_F(Ending, ByFinsThatCrossIsOfTheFirst) {
  fin(105, 505);
  now_ += milliseconds{1};
  fin(505, 105, false);
  ack(106, 506);  // the second is the first to be acknowledged
  ack(506, 106, false);
  const auto ended = end();
  EXPECT_EQ(ended.at, Moment{seconds{10}});
  EXPECT_EQ(ended.flow.closed_by, Side::kInitiator);
}

TEST_F(Ending, ByAFinThatNobodyAnswersIsToldAtTheEndAllTheSame) {
  fin(105, 505);
  now_ += std::chrono::minutes{30};
  ack(505, 105, false);
  EXPECT_EQ(end().how, FlowEnd::kFin);
}

TEST_F(Ending, ByAResetTellsWhetherItCameFromElsewhere) {
  reset(505, false, 63);
  const auto ended = end();
  EXPECT_EQ(ended.how, FlowEnd::kReset);
  EXPECT_TRUE(ended.other_distance);
}

TEST_F(Ending, ByAResetFromTheUsualDistanceTellsNothingMore) {
  reset(505, false);
  EXPECT_FALSE(end().other_distance);
}

TEST_F(Ending, IsRefutedByDataBehindTheFin) {
  fin(105, 505);
  data(105, 505);
  EXPECT_TRUE(noted());
  EXPECT_EQ(end().how, FlowEnd::kCaptureEnd);
}

TEST_F(Ending, IsNotRefutedByDataSentAgain) {
  fin(105, 505);
  data(101, 505);
  EXPECT_FALSE(noted());
  EXPECT_EQ(end().how, FlowEnd::kFin);
}

TEST_F(Ending, IsRefutedByAPeerThatDoesNotKnowOfTheFin) {
  fin(105, 505);
  now_ += seconds{5};
  data(505, 105, false);
  EXPECT_FALSE(noted()) << "it may be on its way";
  now_ += seconds{6};
  data(509, 105, false);
  EXPECT_TRUE(noted());
  EXPECT_EQ(end().how, FlowEnd::kCaptureEnd);
}

TEST_F(Ending, IsRefutedByAPeerThatKnowsMore) {
  fin(105, 505);
  ack(505, 300, false);
  EXPECT_TRUE(noted());
}

TEST_F(Ending, DoesNotBelieveAFinWithoutAck) {
  see(made({TcpFlag::kFin}, 105, 0));
  EXPECT_TRUE(noted(Evasion::kNoAck));
  EXPECT_EQ(end().how, FlowEnd::kCaptureEnd);
}

TEST_F(Ending, DoesNotBelieveAFinBehindWhatWasRead) {
  fin(103, 505);
  EXPECT_TRUE(noted());
  EXPECT_EQ(end().how, FlowEnd::kCaptureEnd);
}

TEST_F(Ending, TakesTheFinWhereTheStreamIsForTheRightOne) {
  fin(9000, 505);
  now_ += seconds{1};
  fin(105, 505);
  EXPECT_TRUE(noted());
  ack(505, 106, false);
  const auto ended = end();
  EXPECT_EQ(ended.how, FlowEnd::kFin);
  EXPECT_EQ(ended.at, Moment{seconds{11}});
}

TEST_F(Ending, ByAResetWhereItIsExpected) {
  reset(105);
  EXPECT_TRUE(flow_->over);
  EXPECT_EQ(end().how, FlowEnd::kReset);
}

TEST_F(Ending, ByAResetBehindTheFinIsStillByTheFin) {
  fin(105, 505);
  reset(106);
  EXPECT_TRUE(flow_->over);
  EXPECT_EQ(end().how, FlowEnd::kFin);
}

TEST_F(Ending, ByAnOldResetWaitsForWhatElseTells) {
  reset(102);
  EXPECT_FALSE(flow_->over);
  table_.expire(Moment{now_ + std::chrono::minutes{50}}, ended_);
  EXPECT_TRUE(ended_.empty());
  EXPECT_EQ(end().how, FlowEnd::kReset);
}

TEST_F(Ending, IsRefutedByWhoGoesOnAfterAnOldReset) {
  reset(102);
  now_ += seconds{15};
  data(105, 505);
  EXPECT_TRUE(noted());
  EXPECT_EQ(end().how, FlowEnd::kCaptureEnd);
}

TEST_F(Ending, ByAResetFromElsewhereWaitsToo) {
  reset(105, true, kFarTtl);
  EXPECT_FALSE(flow_->over);
  now_ += seconds{15};
  data(105, 505);
  EXPECT_TRUE(noted());
}

TEST_F(Ending, IsRefutedByAPeerThatGoesOnAfterTheReset) {
  reset(105);
  data(505, 105, false);
  EXPECT_TRUE(flow_->over) << "it may have been on its way";
  now_ += seconds{2};
  data(509, 105, false);
  EXPECT_FALSE(flow_->over);
  EXPECT_TRUE(noted());
}

TEST_F(Ending, IsRefutedByAnAcknowledgementAfterTheReset) {
  reset(105);
  now_ += seconds{2};
  ack(105, 505);
  EXPECT_FALSE(flow_->over);
  EXPECT_TRUE(noted());
}

TEST_F(Ending, BeforeAnybodyFollowedTheFlowWasNot) {
  FlowTable table{{}};
  std::vector<EndedFlow> ended;
  for (const auto& packet : {made({TcpFlag::kSyn}, 100, 0), made({TcpFlag::kRst}, 101, 0)}) {
    table.follow_state(table.place(packet, ended), packet);
  }
  const auto placed = table.place(made({TcpFlag::kAck}, 101, 501, true, "abcd"), ended);
  ASSERT_TRUE(placed.flow->over);
  table.attach_detail(*placed.flow);
  EXPECT_FALSE(placed.flow->over || placed.flow->closing);
  EXPECT_TRUE(placed.flow->detail->evasions.has(Evasion::kBlindReset));
}

TEST(Restart, EndsNothingAndLetsTimeGoOnFromThere) {
  FlowTable table{{}};
  std::vector<EndedFlow> ended;
  table.expire(Moment{std::chrono::hours{90'000}}, ended);
  const auto placed = table.place(MadePacket{1, seconds{10}, {TcpFlag::kSyn}}, ended);
  placed.flow->interest = Interest::kWanted;
  table.restart(Moment{seconds{20}});
  EXPECT_EQ(table.size(), 1U);
  table.expire(Moment{std::chrono::minutes{59}}, ended);
  EXPECT_TRUE(ended.empty());
  table.expire(Moment{std::chrono::minutes{61}}, ended);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].how, FlowEnd::kTimeout);
}

}  // namespace
}  // namespace remora::capture
