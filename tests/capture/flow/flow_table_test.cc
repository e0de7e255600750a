#include "capture/flow/flow_table.h"

#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace remora::capture {
namespace {

using std::chrono::seconds;

const auto kClient = *IpAddress::parse("192.0.2.1");
const auto kServer = *IpAddress::parse("192.0.2.2");

Packet segment(TcpFlags flags, std::uint32_t sequence, int second, bool from_client = true) {
  static std::uint64_t frame = 0;
  Packet packet;
  packet.at = {.time = Moment{seconds{second}}, .frame = FrameNumber{++frame}};
  packet.wire_bytes = 60;
  packet.source = from_client ? kClient : kServer;
  packet.destination = from_client ? kServer : kClient;
  packet.source_port = Port{static_cast<std::uint16_t>(from_client ? 50000 : 3389)};
  packet.destination_port = Port{static_cast<std::uint16_t>(from_client ? 3389 : 50000)};
  packet.sequence = sequence;
  packet.flags = flags;
  return packet;
}

class Table : public ::testing::Test {
 protected:
  FlowTable::Placed see(const Packet& packet) {
    table_.expire(packet.at.time, ended_);
    const auto placed = table_.place(packet, ended_);
    table_.follow_state(placed, packet);
    return placed;
  }
  void want(const FlowTable::Placed& placed) {
    placed.flow->interest = Interest::kWanted;
    table_.attach_detail(*placed.flow);
  }

  FlowLimits limits_;
  FlowTable table_{limits_};
  std::vector<EndedFlow> ended_;
};

TEST_F(Table, TakesTheSenderOfTheSynForTheInitiator) {
  const auto placed = see(segment({TcpFlag::kSyn}, 1, 0));
  EXPECT_EQ(placed.from, Side::kInitiator);
  EXPECT_TRUE(placed.flow->initiator_known);
  EXPECT_EQ(see(segment({TcpFlag::kSyn, TcpFlag::kAck}, 9, 0, false)).from, Side::kAcceptor);
}

TEST_F(Table, TellsTheInitiatorFromASynAckAlone) {
  const auto placed = see(segment({TcpFlag::kSyn, TcpFlag::kAck}, 9, 0, false));
  EXPECT_EQ(placed.from, Side::kAcceptor);
  EXPECT_EQ(placed.flow->address(*placed.key, Side::kInitiator).address, kClient);
}

TEST_F(Table, TakesTheFirstSenderForTheInitiatorWithoutBeingSure) {
  const auto placed = see(segment({TcpFlag::kAck}, 5, 0, false));
  EXPECT_EQ(placed.from, Side::kInitiator);
  EXPECT_FALSE(placed.flow->initiator_known);
}

TEST_F(Table, EndsAtTheFirstFinAndWaitsForTheLastPackets) {
  want(see(segment({TcpFlag::kSyn}, 1, 0)));
  see(segment({TcpFlag::kSyn, TcpFlag::kAck}, 1, 0, false));
  see(segment({TcpFlag::kFin, TcpFlag::kAck}, 2, 10));
  see(segment({TcpFlag::kFin, TcpFlag::kAck}, 2, 11, false));
  const auto last = see(segment({TcpFlag::kAck}, 3, 11));
  EXPECT_EQ(last.flow->of(Side::kInitiator).packets, 3U);
  table_.expire(Moment{seconds{13}}, ended_);
  ASSERT_EQ(ended_.size(), 1U);
  EXPECT_EQ(ended_[0].how, FlowEnd::kFin);
  EXPECT_EQ(ended_[0].at, Moment{seconds{10}});
  EXPECT_EQ(ended_[0].flow.closed_by, Side::kInitiator);
  EXPECT_EQ(table_.size(), 0U);
}

TEST_F(Table, CallsItAFinEvenWhenAnResetFollows) {
  want(see(segment({TcpFlag::kSyn}, 1, 0)));
  see(segment({TcpFlag::kFin, TcpFlag::kAck}, 2, 10));
  see(segment({TcpFlag::kRst}, 3, 10, false));
  table_.finish(ended_);
  ASSERT_EQ(ended_.size(), 1U);
  EXPECT_EQ(ended_[0].how, FlowEnd::kFin);
}

TEST_F(Table, DoesNotBelieveAResetFarOutsideTheWindow) {
  auto placed = see(segment({TcpFlag::kSyn}, 1000, 0));
  want(placed);
  see(segment({TcpFlag::kRst}, 0x8000'0000, 1));
  table_.finish(ended_);
  ASSERT_EQ(ended_.size(), 1U);
  EXPECT_EQ(ended_[0].how, FlowEnd::kCaptureEnd);
}

TEST_F(Table, BeginsAnotherFlowWhenAPortIsUsedAgain) {
  want(see(segment({TcpFlag::kSyn}, 1, 0)));
  see(segment({TcpFlag::kRst}, 2, 1));
  const auto again = see(segment({TcpFlag::kSyn}, 5000, 1));
  ASSERT_EQ(ended_.size(), 1U);
  EXPECT_EQ(ended_[0].how, FlowEnd::kReset);
  EXPECT_EQ(again.flow->of(Side::kInitiator).packets, 1U);
}

TEST_F(Table, KeepsTheFlowWhenItsSynIsRetransmitted) {
  see(segment({TcpFlag::kSyn}, 1, 0));
  const auto again = see(segment({TcpFlag::kSyn}, 1, 3));
  EXPECT_TRUE(again.retransmitted);
  EXPECT_EQ(again.flow->of(Side::kInitiator).retransmitted_packets, 1U);
  EXPECT_EQ(table_.size(), 1U);
}

TEST_F(Table, LetsAQuietFlowOfInterestTimeOutAtItsMoment) {
  want(see(segment({TcpFlag::kSyn}, 1, 0)));
  table_.expire(Moment{std::chrono::hours{2}}, ended_);
  ASSERT_EQ(ended_.size(), 1U);
  EXPECT_EQ(ended_[0].how, FlowEnd::kTimeout);
  EXPECT_EQ(ended_[0].at, Moment{limits_.interest_timeout});
}

TEST_F(Table, ForgetsQuietFlowsOfNoInterestWithoutAWord) {
  see(segment({TcpFlag::kSyn}, 1, 0));
  table_.expire(Moment{std::chrono::hours{2}}, ended_);
  EXPECT_TRUE(ended_.empty());
  EXPECT_EQ(table_.size(), 0U);
}

TEST(FlowKeyHash, SpreadsNeighbouringAddressesAndPorts) {
  std::set<std::size_t> low_bits;
  for (std::uint16_t port = 0; port < 1024; ++port) {
    low_bits.insert(
        FlowKeyHash{}(FlowKey::of({kClient, Port{port}}, {kServer, Port{3389}}, Transport::kTcp)) %
        4096);
  }
  EXPECT_GT(low_bits.size(), 850U);  // of 1024 balls in 4096 boxes, about 906 are alone or first
}

}  // namespace
}  // namespace remora::capture
