#include "dissect/bulk/rdp61.h"

#include <gtest/gtest.h>

#include "tests/dissect/bulk/encoder.h"
#include "tests/dissect/bulk/sent.h"
#include "tests/support/hex.h"

namespace remora::bulk {
namespace {

using remora::testing::hex;
using testing::Bytes;
using testing::Rdp61Sender;
using testing::Sent;
using testing::text_of;

constexpr PacketFlags kCompressed{0x23};
constexpr PacketFlags kFlushed{0xa3};

std::vector<Sent> sent_by(Rdp61Sender sender, unsigned seed, std::size_t count,
                          std::size_t longest) {
  std::vector<Sent> sent;
  for (auto& message : testing::made_messages(seed, count, longest)) {
    auto packet = sender.send(message);
    sent.push_back({0x23, std::move(packet), std::move(message)});
  }
  return sent;
}

class TheExample : public ::testing::Test {
 protected:
  TheExample() {
    // [MS-RDPEGDI] 4.7
    EXPECT_EQ(say("16 80 61626364 65666768 696a"), "abcdefghij");
  }
  std::string say(std::string_view bytes, PacketFlags flags = kCompressed) {
    return text_of(rdp61_.decompress(hex(bytes), flags));
  }
  Rdp61 rdp61_;
};

TEST_F(TheExample, IsReadAsTheSpecificationReadsIt) {
  // the second packet, behind level 2
  EXPECT_EQ(say("01 00 0200 0900 0500 03000000 0400 0e00 00000000 6b6c6d6e6f75"),
            "klmnodefghijklabcdu");
}

TEST_F(TheExample, GoesThroughLevel2) {
  // the same, every byte of it a literal of RDP 5.0
  EXPECT_EQ(say("11 21 0200 0900 0500 03000000 0400 0e00 00000000 6b6c6d6e6f75"),
            "klmnodefghijklabcdu");
}

TEST_F(TheExample, ReplicatesWhatAMatchItselfWrites) {
  EXPECT_EQ(say("01 00 0100 0500 0100 0a000000 6b6c"), "kkkkkkl");
}

TEST_F(TheExample, BeginsAnewAtTheFront) {
  EXPECT_EQ(say("06 00 7879"), "xy");
  EXPECT_EQ(rdp61_.room(), 1'999'998U);
  EXPECT_EQ(say("01 00 0100 0200 0000 00000000 7a"), "xyz");
  // what stood there before is not to be matched
  EXPECT_EQ(say("01 00 0100 0300 0000 05000000"), "MatchHistoryOffset at 0: history not known");
  EXPECT_EQ(say("02 00 7879"), "history at 0: not known");
  EXPECT_EQ(say("02 00 7879", kFlushed), "xy");
}

TEST_F(TheExample, TakesAMatchOfNothingForNothing) {
  EXPECT_EQ(say("05 00 0100 0000 0100 ffffffff 6b6c"), "kl");
}

TEST_F(TheExample, KeepsOutOfTheHistoryWhatLevel1HasNotTouched) {
  EXPECT_EQ(say("00 00 7879"), "xy");
  EXPECT_EQ(rdp61_.room(), 1'999'990U);
}

TEST_F(TheExample, RefusesWhatNoSenderWrites) {
  const auto refused = [&](std::string_view bytes) {
    EXPECT_EQ(say("06 00 61626364"), "abcd");
    return say(bytes);
  };
  EXPECT_EQ(refused("01"), "Level2ComprFlags at 1: 0 of 1 bytes");
  EXPECT_EQ(refused("11 20 61"), "Level2ComprFlags at 0: not RDP 5.0");
  EXPECT_EQ(refused("01 00 01"), "MatchCount at 0: 1 of 2 bytes");
  EXPECT_EQ(refused("01 00 0200 0200 0000 00000000"), "MatchDetails at 2: 8 of 16 bytes");
  EXPECT_EQ(refused("01 00 0100 0200 0200 00000000 7a"),
            "MatchOutputOffset at 0: not where the output is");
  EXPECT_EQ(refused("01 00 0200 0200 0000 00000000 0200 0100 00000000"),
            "MatchOutputOffset at 0: not where the output is");
  EXPECT_EQ(refused("01 00 0100 0200 0000 04000000"), "MatchHistoryOffset at 0: history not known");
  EXPECT_EQ(refused("01 00 0200 ffff 0000 00000000 0200 ffff 00000000"),
            "MatchLength at 0: more than the history holds");
}

TEST(Rdp61, LosesLevel1WithLevel2) {
  Rdp61 rdp61;
  ASSERT_TRUE(rdp61.decompress(hex("16 61 616263"), kCompressed).has_value());
  ASSERT_FALSE(rdp61.decompress(hex("12 21 f800"), kCompressed).has_value());  // copy-offset 0
  EXPECT_EQ(text_of(rdp61.decompress(hex("12 21 616263"), kCompressed)), "history at 0: not known");
  // level 2 begins anew, level 1 does not; then both
  EXPECT_EQ(text_of(rdp61.decompress(hex("12 61 616263"), kCompressed)), "history at 0: not known");
  EXPECT_EQ(text_of(rdp61.decompress(hex("16 21 646566"), kCompressed)), "def");
}

TEST(Rdp61, GivesWhatWasSent) {
  Rdp61 rdp61;
  testing::expect_round_trip(sent_by({}, 0, 330, 16'382), [&](const Sent& packet) {
    return rdp61.decompress(packet.bytes, PacketFlags{packet.flags});
  });
  EXPECT_LE(rdp61.memory(), 2'065'536U);
}

TEST(Rdp61, NeverGivesOtherBytesAfterALoss) {
  EXPECT_GT(testing::expect_no_wrong_data_after_loss(sent_by({}, 1, 270, 16'382), 10), 0U);
}

TEST(Rdp61, GivesNoMoreThanTheBeginningOfAPacketCutShort) {
  for (unsigned seed = 20; seed < 24; ++seed) {
    const auto packet = sent_by({}, seed, 1, 1600).front();
    for (std::size_t size = 0; size < packet.bytes.size(); ++size) {
      Rdp61 rdp61;
      const auto got = rdp61.decompress(ByteView{packet.bytes.data(), size}, kCompressed);
      // Literals stand behind the matches: with some of them missing the last ones are wrong.
      if (got.has_value()) { EXPECT_LE(got->size(), packet.plain.size()); }
    }
  }
}

TEST(Rdp61, IsBoundedWhateverComes) {
  testing::expect_bounded(sent_by({}, 9, 50, 9000), 65536);
}

TEST(Rdp61, TakesAsMuchMemoryAsThereIsHistory) {
  Rdp61 rdp61;
  (void)rdp61.decompress(hex("06 00 616263"), kCompressed);
  EXPECT_LT(rdp61.memory(), 100U);
}

}  // namespace
}  // namespace remora::bulk
