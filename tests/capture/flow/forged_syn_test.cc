// A SYN on an established connection: forged, or the first of another one.

#include <vector>

#include <gtest/gtest.h>

#include "capture/flow/flow_table.h"
#include "tests/capture/flow/made_packet.h"

namespace remora::capture {
namespace {

using std::chrono::seconds;

constexpr std::uint32_t kOther = 900'000'000;  ///< far from every sequence number in use

/// Of interest, after both SYNs and "abcd" of both sides: from 101 and from 501.
class Established : public ::testing::Test {
 protected:
  Established() {
    see(MadePacket{1, seconds{1}, {TcpFlag::kSyn}}.with(100));
    flow_ = see(syn_ack(500, 101, seconds{2})).flow;
    table_.attach_detail(*flow_);
    flow_->interest = Interest::kWanted;
    say(101, seconds{2});
    see(MadePacket{1, seconds{2}, {TcpFlag::kAck}}.answering().with(501, "abcd"));
  }

  FlowTable::Placed see(const Packet& packet) {
    const auto placed = table_.place(packet, ended_);
    if (placed.flow->detail != nullptr && !packet.payload.empty() && !placed.refused) {
      auto& stream = placed.flow->detail->streams.at(index_of(placed.from));
      stream.add(packet.sequence, packet.payload, 0, packet.at);
      while (stream.next(packet.at.time)) {}
    }
    table_.follow_state(placed, packet);
    return placed;
  }
  FlowTable::Placed say(std::uint32_t sequence, Nanoseconds when = seconds{3}) {
    return see(MadePacket{1, when, {TcpFlag::kAck}}.with(sequence, "abcd"));
  }
  static MadePacket syn(std::uint32_t sequence) {
    MadePacket packet{1, seconds{3}, {TcpFlag::kSyn}};
    packet.with(sequence);
    return packet;
  }
  static MadePacket syn_ack(std::uint32_t sequence, std::uint32_t acknowledgement,
                            Nanoseconds when = seconds{3}) {
    MadePacket packet{1, when, {TcpFlag::kSyn, TcpFlag::kAck}};
    packet.answering().with(sequence).acknowledgement = acknowledgement;
    return packet;
  }

  FlowTable table_{{}};
  std::vector<EndedFlow> ended_;
  Flow* flow_{nullptr};
};

TEST_F(Established, GoesOnAfterASynThatNobodyAnswers) {
  const auto forged = syn(kOther);
  EXPECT_TRUE(see(forged).refused);
  EXPECT_FALSE(flow_->detail->evasions.has(Evasion::kForgedSyn)) << "it may be answered yet";
  MadePacket challenge{1, seconds{3}, {TcpFlag::kAck}};
  challenge.answering().with(505).acknowledgement = 105;
  see(challenge);
  const auto placed = say(105);
  EXPECT_EQ(placed.flow, flow_);
  EXPECT_EQ(placed.flow->of(Side::kInitiator).packets, 4U);
  EXPECT_EQ(placed.flow->initial_sequence[0], 100U);
  EXPECT_TRUE(ended_.empty());
  const auto noted = placed.flow->detail->evasions.take_unreported();
  ASSERT_TRUE(noted.has_value());
  EXPECT_EQ(noted->kind, Evasion::kForgedSyn);
  EXPECT_EQ(noted->at.frame, forged.at.frame);
}

TEST_F(Established, GoesOnAfterASynInTheNameOfTheOtherSide) {
  EXPECT_TRUE(see(syn(kOther).answering()).refused);
  say(105);
  EXPECT_FALSE(flow_->detail->evasions.has(Evasion::kForgedSyn)) << "that says nothing";
  see(MadePacket{1, seconds{3}, {TcpFlag::kAck}}.answering().with(505, "efgh"));
  EXPECT_TRUE(flow_->detail->evasions.has(Evasion::kForgedSyn));
  EXPECT_FALSE(flow_->detail->evasions.has(Evasion::kChangedSynAck));
  EXPECT_TRUE(ended_.empty());
}

TEST_F(Established, EndsWhenTheSynIsAnswered) {
  const auto old_id = flow_->id;
  const auto first = syn(kOther);
  see(first);
  see(syn(kOther));  // the answer took its time
  const auto placed = see(syn_ack(7000, kOther + 1));
  ASSERT_EQ(ended_.size(), 1U);
  const auto& old = ended_[0].flow;
  EXPECT_EQ(old.id, old_id);
  EXPECT_EQ(ended_[0].how, FlowEnd::kTimeout);
  EXPECT_EQ(ended_[0].at, Moment{seconds{2}}) << "its last packet, which was no SYN";
  EXPECT_EQ(old.of(Side::kInitiator).packets, 2U) << "the SYNs count for the new one";
  EXPECT_FALSE(old.detail->evasions.take_unreported().has_value());

  auto& begun = *placed.flow;
  EXPECT_EQ(placed.from, Side::kAcceptor);
  EXPECT_FALSE(placed.refused);
  EXPECT_EQ(begun.id, first.at.frame);
  EXPECT_EQ(begun.first, first.at.time);
  EXPECT_TRUE(begun.initiator_known);
  EXPECT_EQ(begun.address(*placed.key, Side::kInitiator).port, first.source_port);
  EXPECT_EQ(begun.of(Side::kInitiator).packets, 2U);
  EXPECT_EQ(begun.of(Side::kInitiator).retransmitted_packets, 1U);
  EXPECT_EQ(begun.of(Side::kAcceptor).packets, 1U);
  table_.attach_detail(begun);
  EXPECT_EQ(begun.detail->streams[0].expected(), kOther + 1);
  EXPECT_EQ(begun.detail->streams[1].expected(), 7001U);
}

TEST_F(Established, EndsWhenTheSidesHaveChangedRoles) {
  see(syn(kOther).answering());
  const auto placed = see(syn_ack(7000, kOther + 1).answering());
  ASSERT_EQ(ended_.size(), 1U);
  EXPECT_EQ(placed.flow->address(*placed.key, Side::kInitiator).port, Port{3389});
  EXPECT_EQ(placed.flow->initial_sequence[0], kOther);
}

TEST_F(Established, DoesNotBelieveASynAckForAnotherSyn) {
  see(syn(kOther));
  EXPECT_TRUE(see(syn_ack(7000, kOther + 2)).refused);
  EXPECT_TRUE(see(syn_ack(7000, kOther + 1).answering()).refused) << "of the same side";
  EXPECT_TRUE(ended_.empty());
}

TEST_F(Established, TakesNothingFromASyn) {
  MadePacket packet{1, seconds{2}, {TcpFlag::kSyn, TcpFlag::kFin}};
  EXPECT_TRUE(see(packet.with(104, "forged")).refused);
  EXPECT_FALSE(flow_->closing);
  MadePacket answer{1, seconds{2}, {TcpFlag::kSyn, TcpFlag::kFin, TcpFlag::kAck}};
  EXPECT_TRUE(see(answer.answering().with(504, "forged")).refused);
  EXPECT_FALSE(flow_->closing);
  EXPECT_TRUE(flow_->detail->evasions.has(Evasion::kChangedSynAck));
}

TEST_F(Established, IsNotKeptAliveByForgedSyns) {
  MadePacket late{1, seconds{100}, {TcpFlag::kSyn}};
  see(late.with(kOther));
  EXPECT_EQ(flow_->last, Moment{seconds{2}});
}

TEST_F(Established, EndsAtOnceWhenItWasReset) {
  see(syn(kOther));
  see(MadePacket{1, seconds{2}, {TcpFlag::kRst}}.with(105));  // the answer to the challenge
  const auto again = see(syn(kOther));
  ASSERT_EQ(ended_.size(), 1U);
  EXPECT_EQ(ended_[0].how, FlowEnd::kReset);
  EXPECT_EQ(again.flow->of(Side::kInitiator).packets, 1U);
}

TEST_F(Established, WithoutInterestEndsAtOnce) {
  table_.set_interest(*flow_, Interest::kUndecided);
  EXPECT_FALSE(see(syn(kOther)).refused);
  EXPECT_EQ(ended_.size(), 1U);
}

}  // namespace
}  // namespace remora::capture
