// What somebody may do on the wire to mislead an analyser is noticed, and ordinary traffic is not.

#include "capture/flow/evasion.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "capture/flow/flow_table.h"
#include "tests/capture/flow/made_packet.h"

namespace remora::capture {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(EvasionSet, TellsEachKindOnceWithItsFirstSighting) {
  EvasionSet set;
  set.note(Evasion::kUrgentData, {.time = Moment{}, .frame = FrameNumber{7}});
  set.note(Evasion::kUrgentData, {.time = Moment{}, .frame = FrameNumber{8}});
  set.note(Evasion::kOverlapConflict, {.time = Moment{}, .frame = FrameNumber{9}});
  auto told = set.take_unreported();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->kind, Evasion::kOverlapConflict);
  told = set.take_unreported();
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->kind, Evasion::kUrgentData);
  EXPECT_EQ(told->at.frame, FrameNumber{7});
  set.note(Evasion::kUrgentData, {});
  EXPECT_FALSE(set.take_unreported().has_value());
}

/// A flow with a detail after both SYNs; the client's stream begins at 101.
class Attacked : public ::testing::Test {
 protected:
  Attacked() {
    send(MadePacket{1, seconds{1}, {TcpFlag::kSyn}}.with(100));
    flow_ = send(syn_ack(500)).flow;
    table_.attach_detail(*flow_);
    flow_->detail->ttl = {std::uint8_t{64}, std::uint8_t{64}};
  }

  static MadePacket syn_ack(std::uint32_t sequence) {
    MadePacket packet{1, seconds{1}, {TcpFlag::kSyn, TcpFlag::kAck}};
    packet.answering().with(sequence);
    return packet;
  }

  FlowTable::Placed send(const Packet& packet) {
    const auto placed = table_.place(packet, ended_);
    if (placed.flow->detail != nullptr && !packet.payload.empty()) {
      auto& stream = placed.flow->detail->streams.at(index_of(placed.from));
      stream.add(packet.sequence, packet.payload, 0, packet.at);
      while (const auto piece = stream.next(packet.at.time)) { read_ += as_text(piece->bytes); }
    }
    table_.follow_state(placed, packet);
    last_ = packet.at.frame;
    return placed;
  }
  void say(std::uint32_t sequence, std::string_view text, std::uint8_t ttl = 64) {
    MadePacket packet{1, seconds{1}, {TcpFlag::kAck}};
    packet.with(sequence, text);
    packet.ttl = ttl;
    send(packet);
  }
  std::vector<Evasion> shown() {
    std::vector<Evasion> kinds;
    while (const auto noted = flow_->detail->evasions.take_unreported()) {
      kinds.push_back(noted->kind);
    }
    return kinds;
  }
  using Kinds = std::vector<Evasion>;

  FlowTable table_{{}};
  std::vector<EndedFlow> ended_;
  Flow* flow_{nullptr};
  std::string read_;
  FrameNumber last_{};
};

TEST_F(Attacked, ByOtherBytesForWhatWasRead) {
  say(101, "administrator");
  say(104, "INIS");
  const auto noted = flow_->detail->evasions.take_unreported();
  ASSERT_TRUE(noted.has_value());
  EXPECT_EQ(noted->kind, Evasion::kOverlapConflict);
  EXPECT_EQ(noted->at.frame, last_);
  EXPECT_EQ(read_, "administrator");
}

TEST_F(Attacked, ByOtherBytesForWhatWasReadAndNewOnesBehind) {
  say(101, "abcd");
  say(103, "cXef");
  EXPECT_EQ(shown(), Kinds{Evasion::kOverlapConflict});
  EXPECT_EQ(read_, "abcdef") << "the first to be read counts";
}

TEST_F(Attacked, ByOtherBytesForWhatIsHeld) {
  say(105, "efgh");
  say(103, "cdXX");
  EXPECT_EQ(shown(), Kinds{Evasion::kOverlapConflict});
  say(101, "ab");
  EXPECT_EQ(read_, "abcdefgh");
}

TEST_F(Attacked, ByASegmentThatFillsAHoleAndDiffersBehindIt) {
  say(103, "cd");
  say(101, "abXX");
  EXPECT_EQ(shown(), Kinds{Evasion::kOverlapConflict});
}

TEST_F(Attacked, FromAnotherDistance) {
  say(101, "abcd");
  say(101, "abXd", 50);
  EXPECT_EQ(shown(), (Kinds{Evasion::kOverlapConflict, Evasion::kInjected}));
}

TEST_F(Attacked, NotByHonestRepetitions) {
  std::string text(10'000, ' ');
  for (std::size_t at = 0; at < text.size(); ++at) { text[at] = static_cast<char>(at * 7 / 3); }
  const std::string_view all{text};
  for (std::uint32_t at = 0; at + 700 <= text.size(); at += 350) {
    say(101 + at, all.substr(at, 700), 50);             // half of it again
    say(101 + at / 2, all.substr(at / 2, 900), 50);     // longer ago than is remembered, in part
    say(101 + at + 900, all.substr(at + 900, 50), 50);  // too early
  }
  EXPECT_EQ(shown(), Kinds{});
}

TEST_F(Attacked, NotByWhatLiesInAHole) {
  say(101, "abcd");
  say(1101, "later");
  flow_->detail->streams[0].acknowledged(1106);
  while (flow_->detail->streams[0].next(Moment{seconds{9}})) {}
  say(301, "in the hole");
  say(1101, "later");
  EXPECT_EQ(shown(), Kinds{});
  say(1101, "LATER");
  EXPECT_EQ(shown(), Kinds{Evasion::kOverlapConflict});
}

TEST_F(Attacked, NotByAKeepAliveWithAnOctetOfGarbage) {
  say(101, "abcd");
  say(104, "\x01");
  EXPECT_EQ(shown(), Kinds{});
}

TEST_F(Attacked, NotByBytesFromBeforeItsBeginning) {
  say(90, "before the first");
  EXPECT_EQ(shown(), Kinds{});
  say(60, "long before");
  EXPECT_EQ(shown(), Kinds{});
}

TEST_F(Attacked, ByTinySegments) {
  for (std::uint32_t at = 0; at < 31; ++at) { say(101 + at, "x"); }
  EXPECT_EQ(shown(), Kinds{});
  say(131, "x");
  EXPECT_EQ(shown(), Kinds{}) << "a repetition is none";
  say(132, "xyz");
  EXPECT_EQ(shown(), Kinds{Evasion::kTinySegments});
}

TEST_F(Attacked, NotByTyping) {
  for (std::uint32_t at = 0; at < 4000; at += 4) { say(101 + at, "\x04\x04\x01\x1e"); }
  EXPECT_EQ(shown(), Kinds{});
}

TEST_F(Attacked, ByUrgentData) {
  MadePacket packet{1, seconds{1}, {TcpFlag::kAck, TcpFlag::kUrg}};
  packet.with(101, "abc");
  send(packet);
  EXPECT_EQ(shown(), Kinds{}) << "without a pointer";
  packet.urgent = 1;
  packet.with(104, "abc");
  send(packet);
  EXPECT_EQ(shown(), Kinds{Evasion::kUrgentData});
  EXPECT_EQ(read_, "abcabc");
}

TEST_F(Attacked, ByAResetThatNobodyWouldBelieve) {
  send(MadePacket{1, seconds{1}, {TcpFlag::kRst}}.with(0x8000'0000));
  EXPECT_EQ(shown(), Kinds{Evasion::kBlindReset});
  EXPECT_FALSE(flow_->closing);
}

TEST_F(Attacked, ByAResetBeyondAnyWindow) {
  send(MadePacket{1, seconds{1}, {TcpFlag::kRst}}.with(101 + (17U << 20U)));
  EXPECT_EQ(shown(), Kinds{Evasion::kBlindReset});
  EXPECT_FALSE(flow_->closing);
  send(MadePacket{1, seconds{1}, {TcpFlag::kRst}}.with(101));
  EXPECT_TRUE(flow_->closing);
}

TEST_F(Attacked, ByASecondSynAck) {
  send(syn_ack(500));
  EXPECT_EQ(shown(), Kinds{});
  send(syn_ack(501));
  EXPECT_EQ(shown(), Kinds{Evasion::kChangedSynAck});
}

TEST_F(Attacked, ByTimeThatGoesBack) {
  say(101, "abc");
  send(MadePacket{1, milliseconds{100}, {TcpFlag::kAck}});
  EXPECT_EQ(shown(), Kinds{});
  send(MadePacket{1, seconds{-5}, {TcpFlag::kAck}});
  EXPECT_EQ(shown(), Kinds{Evasion::kTimeBackwards});
  EXPECT_EQ(flow_->last, Moment{seconds{1}});
}

TEST_F(Attacked, KeepsTheLastTtlOfEachSide) {
  say(101, "abc", 60);
  EXPECT_EQ(flow_->detail->ttl[0], 64);
  EXPECT_EQ(flow_->detail->ttl_last[0], 60);
}

TEST(ChangedSynAck, IsSettledByTheInitiatorBeforeTheDetailIsMade) {
  for (const std::uint32_t confirmed : {500U, 900U}) {
    FlowTable table{{}};
    std::vector<EndedFlow> ended;
    (void)table.place(MadePacket{1, seconds{1}, {TcpFlag::kSyn}}.with(100), ended);
    for (const std::uint32_t sequence : {500U, 900U}) {
      MadePacket answer{1, seconds{1}, {TcpFlag::kSyn, TcpFlag::kAck}};
      (void)table.place(answer.answering().with(sequence), ended);
    }
    MadePacket third{1, seconds{1}, {TcpFlag::kAck}};
    third.acknowledgement = confirmed + 1;
    const auto placed = table.place(third.with(101), ended);
    table.attach_detail(*placed.flow);
    EXPECT_EQ(placed.flow->detail->streams[1].expected(), confirmed + 1);
    EXPECT_TRUE(placed.flow->detail->evasions.has(Evasion::kChangedSynAck));
  }
}

}  // namespace
}  // namespace remora::capture
