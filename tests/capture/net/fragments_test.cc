#include "capture/net/fragments.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace remora::capture {
namespace {

using Verdict = FragmentTable::Verdict;

constexpr std::uint32_t kFrameBytes = 100;

Moment at(int seconds) {
  return Moment{std::chrono::seconds{seconds}};
}

IpHeader fragment(std::uint32_t id, std::uint32_t offset, bool more, ByteView bytes,
                  const char* source = "10.0.0.1") {
  return {.source = IpAddress::parse(source).value(),
          .destination = IpAddress::parse("10.0.0.2").value(),
          .protocol = 17,
          .payload = bytes,
          .payload_wire_bytes = static_cast<std::uint32_t>(bytes.size()),
          .fragment = FragmentPlace{.identification = id, .offset_bytes = offset, .more = more}};
}

/// Text instead of bytes, IPv4's way with overlaps, at time 0.
FragmentTable::Outcome add(FragmentTable& table, std::uint32_t id, std::uint32_t offset, bool more,
                           std::string_view text, Overlap overlap = Overlap::kFirstWins) {
  return table.add(fragment(id, offset, more, as_bytes(text)), at(0), kFrameBytes, overlap);
}

TEST(Fragments, AreJoinedInWhateverOrderTheyCome) {
  std::vector<int> order{0, 1, 2};
  do {
    FragmentTable table;
    FragmentTable::Outcome outcome;
    for (const int part : order) {
      if (part == 0) { outcome = add(table, 7, 0, true, "AAAAAAAA"); }
      if (part == 1) { outcome = add(table, 7, 8, true, "BBBBBBBB"); }
      if (part == 2) { outcome = add(table, 7, 16, false, "CCC"); }
      EXPECT_EQ(outcome.verdict, part == order.back() ? Verdict::kComplete : Verdict::kWaiting);
    }
    EXPECT_EQ(as_text(outcome.datagram), "AAAAAAAABBBBBBBBCCC");
    EXPECT_EQ(outcome.protocol, 17);
    EXPECT_EQ(outcome.wire_bytes, 3 * kFrameBytes);
    EXPECT_EQ(table.waiting_datagrams(), 0U);
    EXPECT_EQ(table.held_bytes(), 0U);
    EXPECT_EQ(table.counters().completed, 1U);
  } while (std::ranges::next_permutation(order).found);
}

TEST(Fragments, OfDifferentDatagramsAreKeptApart) {
  FragmentTable table;
  EXPECT_EQ(add(table, 1, 0, true, "AAAAAAAA").verdict, Verdict::kWaiting);
  EXPECT_EQ(add(table, 2, 8, false, "x").verdict, Verdict::kWaiting);
  const auto other_sender = fragment(1, 8, false, as_bytes("x"), "10.0.0.9");
  EXPECT_EQ(table.add(other_sender, at(0), kFrameBytes, Overlap::kFirstWins).verdict,
            Verdict::kWaiting);
  auto other_protocol = fragment(1, 8, false, as_bytes("x"));
  other_protocol.protocol = 6;
  EXPECT_EQ(table.add(other_protocol, at(0), kFrameBytes, Overlap::kFirstWins).verdict,
            Verdict::kWaiting);
  EXPECT_EQ(table.waiting_datagrams(), 4U);
}

TEST(Fragments, TheBytesThatCameFirstStay) {
  FragmentTable table;
  (void)add(table, 1, 8, true, "bbbbbbbb");
  (void)add(table, 1, 24, true, "dddddddd");
  (void)add(table, 1, 0, true, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");  // over all of them
  const auto outcome = add(table, 1, 32, false, "EEEEEEEEE");
  ASSERT_EQ(outcome.verdict, Verdict::kComplete);
  EXPECT_EQ(as_text(outcome.datagram), "AAAAAAAAbbbbbbbbAAAAAAAAddddddddAAAAAAAAE");
}

TEST(Fragments, ARepetitionChangesNothing) {
  for (const auto overlap : {Overlap::kFirstWins, Overlap::kDropDatagram}) {
    FragmentTable table;
    EXPECT_EQ(add(table, 1, 0, true, "AAAAAAAA", overlap).verdict, Verdict::kWaiting);
    EXPECT_EQ(add(table, 1, 0, true, "AAAAAAAA", overlap).verdict, Verdict::kWaiting);
    EXPECT_EQ(add(table, 1, 8, false, "B", overlap).verdict, Verdict::kComplete);
  }
}

TEST(Fragments, ThatDisagreeAreCountedOnceADatagram) {
  FragmentTable table;
  (void)add(table, 1, 0, true, "AAAAAAAABBBBBBBB");
  (void)add(table, 1, 8, true, "xxxxxxxx");
  (void)add(table, 1, 0, true, "yyyyyyyy");
  const auto outcome = add(table, 1, 16, false, "C");
  ASSERT_EQ(outcome.verdict, Verdict::kComplete);
  EXPECT_EQ(as_text(outcome.datagram), "AAAAAAAABBBBBBBBC");
  EXPECT_TRUE(outcome.conflicting);
  EXPECT_EQ(table.counters().conflicting, 1U);
}

TEST(Fragments, ThatOverlapAndAgreeAreNoConflict) {
  FragmentTable table;
  (void)add(table, 1, 0, true, "AAAAAAAABBBBBBBB");
  (void)add(table, 1, 8, true, "BBBBBBBBCCCCCCCC");
  const auto outcome = add(table, 1, 24, false, "D");
  ASSERT_EQ(outcome.verdict, Verdict::kComplete);
  EXPECT_FALSE(outcome.conflicting);
  EXPECT_EQ(table.counters().conflicting, 0U);
}

TEST(Fragments, JoinWithinTheirContext) {
  FragmentTable table;
  const auto first = fragment(1, 0, true, as_bytes("AAAAAAAA"));
  const auto last = fragment(1, 8, false, as_bytes("B"));
  (void)table.add(first, at(0), kFrameBytes, Overlap::kFirstWins, 1);
  EXPECT_EQ(table.add(last, at(0), kFrameBytes, Overlap::kFirstWins, 2).verdict, Verdict::kWaiting);
  EXPECT_EQ(table.add(last, at(0), kFrameBytes, Overlap::kFirstWins, 1).verdict,
            Verdict::kComplete);
}

TEST(Fragments, AnOverlapInIpv6DropsTheDatagramAndItsLaterFragments) {
  for (const auto& [offset, text] : {std::pair{8U, "bbbbbbbb"},          // other bytes
                                     std::pair{0U, "aaaaaaaabbbbbbbb"},  // from before
                                     std::pair{16U, "cccccccc"}}) {      // from within
    FragmentTable table;
    (void)add(table, 1, 8, true, "AAAAAAAABBBBBBBB", Overlap::kDropDatagram);
    EXPECT_EQ(add(table, 1, offset, true, text, Overlap::kDropDatagram).verdict, Verdict::kDropped);
    EXPECT_EQ(add(table, 1, 0, true, "AAAAAAAA", Overlap::kDropDatagram).verdict,
              Verdict::kDropped);
    EXPECT_EQ(add(table, 1, 24, false, "D", Overlap::kDropDatagram).verdict, Verdict::kDropped);
    EXPECT_EQ(table.counters().overlapping, 1U);
  }
}

TEST(Fragments, TwoDifferentEndsDropTheDatagramWhereOverlapsDo) {
  constexpr auto kDrop = Overlap::kDropDatagram;
  FragmentTable table;
  (void)add(table, 1, 16, false, "C", kDrop);
  EXPECT_EQ(add(table, 1, 16, false, "CC", kDrop).verdict, Verdict::kDropped);
  (void)add(table, 2, 16, false, "C", kDrop);
  EXPECT_EQ(add(table, 2, 16, true, "CCCCCCCC", kDrop).verdict, Verdict::kDropped);
  (void)add(table, 3, 16, true, "CCCCCCCC", kDrop);
  EXPECT_EQ(add(table, 3, 8, false, "B", kDrop).verdict, Verdict::kDropped);
  EXPECT_EQ(table.counters().overlapping, 3U);
}

TEST(Fragments, AnotherEndThanTheFirstCostsTheDatagramNothing) {
  FragmentTable table;
  (void)add(table, 1, 8, false, "BB");
  EXPECT_EQ(add(table, 1, 8, false, "BBB").verdict, Verdict::kWaiting);
  EXPECT_EQ(add(table, 1, 32, true, "XXXXXXXX").verdict, Verdict::kWaiting);
  const auto whole = add(table, 1, 0, true, "AAAAAAAA");
  EXPECT_EQ(whole.verdict, Verdict::kComplete);
  EXPECT_EQ(whole.datagram.size(), 10U);
  EXPECT_TRUE(whole.conflicting);
}

TEST(Fragments, ThatCannotBePartOfADatagramAreDroppedAlone) {
  FragmentTable table;
  EXPECT_EQ(add(table, 1, 65528, false, "12345678").verdict, Verdict::kDropped);  // beyond 65535
  EXPECT_EQ(add(table, 1, 0, true, "1234567").verdict, Verdict::kDropped);  // not a multiple of 8
  EXPECT_EQ(add(table, 1, 8, true, "").verdict, Verdict::kDropped);
  EXPECT_EQ(table.counters().impossible, 3U);
  EXPECT_EQ(table.waiting_datagrams(), 0U);
}

TEST(Fragments, ALastFragmentMayBeEmpty) {
  FragmentTable table;
  (void)add(table, 1, 0, true, "AAAAAAAA");
  const auto outcome = add(table, 1, 8, false, "");
  ASSERT_EQ(outcome.verdict, Verdict::kComplete);
  EXPECT_EQ(outcome.datagram.size(), 8U);
}

TEST(Fragments, ExpireByCaptureTime) {
  FragmentTable table{{.age = std::chrono::seconds{60}}};
  const auto first = fragment(1, 0, true, as_bytes("AAAAAAAA"));
  const auto last = fragment(1, 8, false, as_bytes("B"));
  (void)table.add(first, at(0), kFrameBytes, Overlap::kFirstWins);
  EXPECT_EQ(table.add(last, at(61), kFrameBytes, Overlap::kFirstWins).verdict, Verdict::kWaiting);
  EXPECT_EQ(table.counters().expired, 1U);
  EXPECT_EQ(table.waiting_datagrams(), 1U);
}

TEST(Fragments, WaitTheirWholeAge) {
  FragmentTable table{{.age = std::chrono::seconds{60}}};
  const auto first = fragment(1, 0, true, as_bytes("AAAAAAAA"));
  const auto last = fragment(1, 8, false, as_bytes("B"));
  (void)table.add(first, at(0), kFrameBytes, Overlap::kFirstWins);
  EXPECT_EQ(table.add(last, at(60), kFrameBytes, Overlap::kFirstWins).verdict, Verdict::kComplete);
}

TEST(Fragments, StandTimeThatStepsBackOrSpansAllThatAMomentHolds) {
  FragmentTable table;
  const auto first = fragment(1, 0, true, as_bytes("AAAAAAAA"));
  (void)table.add(first, Moment::max(), kFrameBytes, Overlap::kFirstWins);
  (void)table.add(first, Moment::min(), kFrameBytes, Overlap::kFirstWins);
  EXPECT_EQ(table.counters().expired, 0U);
  FragmentTable other;
  (void)other.add(first, Moment::min(), kFrameBytes, Overlap::kFirstWins);
  (void)other.add(first, Moment::max(), kFrameBytes, Overlap::kFirstWins);
  EXPECT_EQ(other.counters().expired, 1U);
}

TEST(Fragments, TheOldestDatagramMakesRoomWhenThereAreTooMany) {
  FragmentTable table{{.datagrams = 2}};
  (void)add(table, 1, 0, true, "AAAAAAAA");
  (void)add(table, 2, 0, true, "AAAAAAAA");
  (void)add(table, 3, 0, true, "AAAAAAAA");
  EXPECT_EQ(table.waiting_datagrams(), 2U);
  EXPECT_EQ(table.counters().evicted, 1U);
  EXPECT_EQ(add(table, 2, 8, false, "B").verdict, Verdict::kComplete);
  EXPECT_EQ(add(table, 1, 8, false, "B").verdict, Verdict::kWaiting);
}

TEST(Fragments, TheOldestDatagramMakesRoomWhenTheyHoldTooMuch) {
  FragmentTable table{{.bytes = 20'000}};
  const std::vector<std::byte> bytes(8000);
  for (std::uint32_t id = 0; id < 100; ++id) {
    (void)table.add(fragment(id, 0, true, bytes), at(0), kFrameBytes, Overlap::kFirstWins);
    EXPECT_LE(table.held_bytes(), 20'000U);
  }
  EXPECT_EQ(table.waiting_datagrams(), 2U);
  EXPECT_EQ(table.counters().evicted, 98U);
}

TEST(Fragments, ADatagramInTooManyPiecesStaysIncomplete) {
  FragmentTable table{{.pieces = 2}};
  (void)add(table, 1, 0, true, "AAAAAAAA");
  (void)add(table, 1, 8, true, "BBBBBBBB");
  EXPECT_EQ(add(table, 1, 16, false, "C").verdict, Verdict::kWaiting);
  EXPECT_EQ(table.waiting_datagrams(), 1U);
}

TEST(Fragments, TheLargestDatagramIsJoined) {
  FragmentTable table;
  const std::vector<std::byte> bytes(65528);
  (void)table.add(fragment(1, 0, true, bytes), at(0), kFrameBytes, Overlap::kFirstWins);
  const auto outcome = add(table, 1, 65528, false, "1234567");
  ASSERT_EQ(outcome.verdict, Verdict::kComplete);
  EXPECT_EQ(outcome.datagram.size(), 65535U);
}

}  // namespace
}  // namespace remora::capture
