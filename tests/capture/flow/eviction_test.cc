// What goes when there is no room, and what stays.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "capture/flow/flow_table.h"
#include "tests/capture/flow/made_packet.h"

namespace remora::capture {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::uint32_t kStranger = 1'000'000;

FlowLimits room_for(std::size_t flows) {
  FlowLimits limits;
  limits.flows = flows;
  return limits;
}

class FullTable : public ::testing::Test {
 protected:
  explicit FullTable(const FlowLimits& limits = room_for(64)) : table_{limits} {}

  FlowTable::Placed see(const Packet& packet) {
    table_.expire(packet.at.time, ended_);
    const auto placed = table_.place(packet, ended_);
    table_.follow_state(placed, packet);
    return placed;
  }
  bool knows(std::uint32_t client) {
    const MadePacket packet{client, {}};
    return table_.find(FlowKey::of({packet.source, packet.source_port},
                                   {packet.destination, packet.destination_port},
                                   packet.transport)) != nullptr;
  }
  /// Both SYNs.
  FlowTable::Placed open(std::uint32_t client) {
    see(MadePacket{client, seconds{1}, {TcpFlag::kSyn}}.with(100));
    return see(
        MadePacket{client, seconds{1}, {TcpFlag::kSyn, TcpFlag::kAck}}.answering().with(200));
  }
  FlowTable::Placed open_wanted(std::uint32_t client) {
    const auto placed = open(client);
    table_.attach_detail(*placed.flow);
    table_.set_interest(*placed.flow, Interest::kWanted);
    return placed;
  }
  void flood(std::uint32_t count) {
    for (std::uint32_t n = 0; n < count; ++n) {
      see(MadePacket{kStranger + n, seconds{2} + microseconds{n}, {TcpFlag::kSyn}});
    }
  }

  FlowTable table_;
  std::vector<EndedFlow> ended_;
};

TEST_F(FullTable, GivesUpWhatCarriesNoSessionBeforeWhatMay) {
  for (std::uint32_t client = 1; client <= 64; ++client) { open_wanted(client); }
  // The latest of all, and what was taken for a session until then.
  for (const std::uint32_t client : {63U, 64U}) {
    auto& flow = *see(MadePacket{client, seconds{2}}).flow;
    flow.carries_no_session = true;
    table_.set_interest(flow, Interest::kWanted);
  }
  open(100);
  EXPECT_TRUE(knows(1));
  EXPECT_FALSE(knows(63) && knows(64));
  open_wanted(101);
  EXPECT_TRUE(knows(1));
  EXPECT_TRUE(knows(101));
}

TEST_F(FullTable, GivesUpHalfOpenFlowsOldestFirst) {
  flood(64);
  open(1);
  EXPECT_FALSE(knows(kStranger));
  EXPECT_TRUE(knows(kStranger + 1));
  EXPECT_TRUE(knows(1));
  EXPECT_EQ(table_.size(), 64U);
  EXPECT_EQ(table_.evicted(), 1U);
}

TEST_F(FullTable, DoesNotSpareAHalfOpenFlowForRepeatingItsSyn) {
  flood(64);
  see(MadePacket{kStranger, seconds{3}, {TcpFlag::kSyn}});
  open(1);
  EXPECT_FALSE(knows(kStranger));
}

TEST_F(FullTable, GivesUpOrdinaryFlowsBeforeCandidatesAndThoseBeforeWantedOnes) {
  for (std::uint32_t client = 0; client < 8; ++client) { open_wanted(client); }
  for (std::uint32_t client = 8; client < 16; ++client) {
    table_.attach_detail(*open(client).flow);
  }
  for (std::uint32_t client = 16; client < 64; ++client) { open(client); }
  for (std::uint32_t client = 64; client < 112; ++client) { open_wanted(client); }
  for (std::uint32_t client = 0; client < 16; ++client) { EXPECT_TRUE(knows(client)) << client; }
  for (std::uint32_t client = 16; client < 64; ++client) { EXPECT_FALSE(knows(client)) << client; }
  EXPECT_TRUE(ended_.empty());
  for (std::uint32_t client = 112; client < 120; ++client) { open_wanted(client); }
  for (std::uint32_t client = 0; client < 8; ++client) { EXPECT_TRUE(knows(client)) << client; }
  ASSERT_EQ(ended_.size(), 8U);
  EXPECT_EQ(ended_[0].how, FlowEnd::kTimeout);
  EXPECT_EQ(ended_[0].at, Moment{seconds{1}}) << "nothing ends later than it was given up";
  open_wanted(120);
  EXPECT_FALSE(knows(0));
  EXPECT_TRUE(knows(1));
}

TEST_F(FullTable, SparesWantedFlowsThatWereHeardOf) {
  for (std::uint32_t client = 0; client < 64; ++client) { open_wanted(client); }
  see(MadePacket{0, seconds{2}, {TcpFlag::kAck}});
  for (std::uint32_t client = 64; client < 100; ++client) { open_wanted(client); }
  EXPECT_TRUE(knows(0));
}

TEST_F(FullTable, TakesAWantedFlowThatIsOverForNoneToProtect) {
  open_wanted(0);
  see(MadePacket{0, seconds{1}, {TcpFlag::kRst}}.with(101));
  for (std::uint32_t client = 1; client < 65; ++client) { open_wanted(client); }
  EXPECT_FALSE(knows(0));
  ASSERT_EQ(ended_.size(), 1U);
  EXPECT_EQ(ended_[0].how, FlowEnd::kReset);
}

TEST_F(FullTable, NoticesThatAFlowIsWantedThoughOnlyItsMemberWasSet) {
  open(0).flow->interest = Interest::kWanted;
  for (std::uint32_t client = 1; client < 200; ++client) { open(client); }
  EXPECT_TRUE(knows(0));
}

class Flooded : public FullTable {
 protected:
  Flooded() : FullTable{room_for(3000)} {}
};

TEST_F(Flooded, LeavesEverySessionInPlaceAndItsStreamWhole) {
  constexpr std::uint32_t kSessions = 1000;
  for (std::uint32_t client = 0; client < kSessions; ++client) {
    const auto placed = open_wanted(client);
    auto& stream = placed.flow->detail->streams[0];
    stream.add(101, as_bytes(std::string_view{"before"}), 0, {});
    while (stream.next(Moment{seconds{1}})) {}
    stream.add(112, as_bytes(std::string_view{"later"}), 0, {});
  }
  flood(9000);
  EXPECT_EQ(table_.size(), 3000U);
  EXPECT_TRUE(ended_.empty());
  for (std::uint32_t client = 0; client < kSessions; ++client) {
    const auto placed = see(MadePacket{client, seconds{3}, {TcpFlag::kAck}}.with(107, "while"));
    ASSERT_NE(placed.flow->detail, nullptr) << client;
    auto& stream = placed.flow->detail->streams[0];
    stream.add(107, as_bytes(std::string_view{"while"}), 0, {});
    std::string text;
    while (const auto piece = stream.next(Moment{seconds{3}})) { text += as_text(piece->bytes); }
    ASSERT_EQ(text, "whilelater") << client;
  }
}

// An attacker who knows the hash sends keys that all fall on one place of the index.
TEST_F(Flooded, KeepsWhatIsWantedAmongCollidingKeys) {
  const auto place_of = [](std::uint32_t client) {
    const MadePacket packet{client, {}};
    const auto hash =
        FlowKeyHash{}(FlowKey::of({packet.source, packet.source_port},
                                  {packet.destination, packet.destination_port}, packet.transport));
    return ((hash * 0x9e3779b97f4a7c15U) >> 32U) % FlowIndex::kSmallest;
  };
  open_wanted(7);
  std::uint32_t sent = 0;
  for (std::uint32_t client = 8; sent < 300; ++client) {
    if (place_of(client) != place_of(7)) { continue; }
    see(MadePacket{client, seconds{2}, {TcpFlag::kSyn}});
    ++sent;
  }
  EXPECT_TRUE(knows(7));
  EXPECT_EQ(table_.size(), FlowIndex::kReach);
  EXPECT_EQ(table_.evicted(), 301 - FlowIndex::kReach);
}

class ShortOfMemory : public FullTable {
 protected:
  static FlowLimits limits() {
    auto limits = room_for(100'000);
    limits.memory_bytes = 4U << 20U;
    return limits;
  }
  ShortOfMemory() : FullTable{limits()} {}
};

TEST_F(ShortOfMemory, KeepsWithinItWhateverComes) {
  std::size_t most = 0;
  flood(60'000);
  for (std::uint32_t client = 0; client < 8000; ++client) {
    auto& stream = open_wanted(client).flow->detail->streams[0];
    const std::string text(1000, 'x');
    stream.add(101, as_bytes(text), 0, {});
    while (stream.next(Moment{seconds{1}})) {}
    stream.add(2101, as_bytes(text), 0, {});
    ended_.clear();
    most = std::max(most, table_.memory_bytes());
  }
  EXPECT_LE(most, (4U << 20U) + (16U << 10U));
  EXPECT_GT(table_.evicted(), 40'000U);
  EXPECT_TRUE(knows(7999));
  EXPECT_FALSE(knows(0));
}

TEST_F(ShortOfMemory, SparesWhatIsWantedAsLongAsCandidatesHoldSome) {
  for (std::uint32_t client = 0; client < 200; ++client) { open_wanted(client); }
  for (std::uint32_t client = 200; client < 20'000; ++client) {
    table_.attach_detail(*open(client).flow);
    ended_.clear();
  }
  for (std::uint32_t client = 0; client < 200; ++client) { ASSERT_TRUE(knows(client)) << client; }
  EXPECT_FALSE(knows(200));
}

TEST(FlowTableMemory, IsAtMost192BytesForAFlowOfNoInterest) {
  constexpr std::uint32_t kFlows = 200'000;
  FlowTable table{{}};
  std::vector<EndedFlow> ended;
  std::size_t worst = 0;
  for (std::uint32_t n = 1; n <= kFlows; ++n) {
    (void)table.place(MadePacket{n, seconds{1}, {TcpFlag::kSyn}}, ended);
    if (n > 20'000) { worst = std::max(worst, table.memory_bytes() / n); }
  }
  EXPECT_LE(worst, 192U);
  EXPECT_LE(kFlowCost, 192U);
  EXPECT_EQ(table.size(), kFlows);
}

TEST(FlowTableMemory, OfAFlowOfInterestIsLittleWhenAllIsInOrder) {
  FlowTable table{{}};
  std::vector<EndedFlow> ended;
  const auto placed = table.place(MadePacket{1, seconds{1}, {TcpFlag::kSyn}}, ended);
  const auto before = table.memory_bytes();
  table.attach_detail(*placed.flow);
  for (auto& stream : placed.flow->detail->streams) {
    const std::string text(50'000, 'x');
    stream.add(1, as_bytes(text), 0, {});
    while (stream.next(Moment{})) {}
  }
  EXPECT_LE(table.memory_bytes() - before, 6U << 10U);
  EXPECT_EQ(placed.flow->detail->memory_bytes(), table.memory_bytes() - before);
  placed.flow->detail.reset();
  EXPECT_EQ(table.memory_bytes(), before);
}

}  // namespace
}  // namespace remora::capture
