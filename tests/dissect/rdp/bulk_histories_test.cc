#include "dissect/rdp/bulk_histories.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

using testing::hex;
using Carrier = BulkHistories::Carrier;

constexpr auto kServer = Side::kAcceptor;
constexpr auto kClient = Side::kInitiator;

// RDP 4.0: a literal below 80h is itself; f1 80 copies three bytes from six bytes back.
constexpr std::string_view kSixBack{"f180"};

class BulkHistoriesOf : public ::testing::Test {
 protected:
  BulkHistoriesOf() { histories_.begin(); }

  std::string open(Carrier carrier, std::uint8_t flags, std::string_view packet,
                   Side from = kServer) {
    const auto bytes = hex(packet);
    const auto opened = histories_.open(carrier, bulk::PacketFlags{flags}, bytes, from);
    return opened.has_value() ? std::string{as_text(*opened)} : opened.error().to_text();
  }
  BulkHistories histories_;
};

TEST_F(BulkHistoriesOf, IsOneForAllThatASideSends) {
  EXPECT_EQ(open(Carrier::kOutput, 0x60, "616263"), "abc");
  EXPECT_EQ(open(Carrier::kChannels, 0x20, "646566"), "def");
  EXPECT_EQ(open(Carrier::kOutput, 0x20, kSixBack), "abc");
  EXPECT_EQ(open(Carrier::kChannels, 0x60, "616263", kClient), "abc");  // another one
  EXPECT_EQ(open(Carrier::kChannels, 0x20, kSixBack), "def");
}

TEST_F(BulkHistoriesOf, AreTwoWhereTheFirstChunkGoesToTheFrontWithoutNeed) {
  EXPECT_EQ(open(Carrier::kOutput, 0x60, "616263"), "abc");
  EXPECT_EQ(open(Carrier::kChannels, 0x60, "757677 78797a"), "uvwxyz");
  EXPECT_EQ(open(Carrier::kOutput, 0x20, "646566"), "def");
  EXPECT_EQ(open(Carrier::kOutput, 0x20, kSixBack), "abc");
  EXPECT_EQ(open(Carrier::kChannels, 0x20, kSixBack), "uvw");
  histories_.lose(kServer);
  EXPECT_EQ(open(Carrier::kOutput, 0x20, "61"), "history at 0: not known");
  EXPECT_EQ(open(Carrier::kChannels, 0x20, "61"), "history at 0: not known");
}

TEST_F(BulkHistoriesOf, IsOneWhereTheFirstChunkHasToGoToTheFront) {
  for (int i = 0; i < 8100; ++i) { (void)open(Carrier::kOutput, 0x20, "61"); }
  EXPECT_EQ(open(Carrier::kChannels, 0x60, "757677 78797a"), "uvwxyz");
  EXPECT_EQ(open(Carrier::kOutput, 0x20, kSixBack), "uvw");
}

TEST_F(BulkHistoriesOf, GoesThroughTheUpdatesOfTheFastPath) {
  // TS_FP_UPDATE: a pointer, compressed; another one that is not; one more
  histories_.on_fast_path_output(hex("8b 60 0300 616263"
                                     "05 0000"
                                     "8b 20 0300 646566"),
                                 kServer);
  EXPECT_EQ(open(Carrier::kChannels, 0x20, kSixBack), "abc");
  histories_.on_fast_path_output(hex("8b 20 0300 61"), kServer);
  EXPECT_EQ(open(Carrier::kChannels, 0x20, kSixBack), "history at 0: not known");
}

TEST_F(BulkHistoriesOf, PutsWhatAPduHoldsInItsPlace) {
  const auto bytes = hex("616263");
  ShareDataPdu pdu{.share_id = 0,
                   .stream_id = 0,
                   .uncompressed_length = 21,
                   .type = ShareDataType::kUpdate,
                   .compressed_type = 0x60,
                   .compressed_length = 21,
                   .payload = bytes};
  histories_.open(pdu, kServer);
  EXPECT_FALSE(pdu.is_compressed());
  EXPECT_EQ(as_text(pdu.payload), "abc");
  histories_.lose(kServer);
  pdu.compressed_type = 0x20;
  histories_.open(pdu, kServer);
  EXPECT_TRUE(pdu.is_compressed());
}

TEST_F(BulkHistoriesOf, TakesMemoryOnlyWhereThereIsSomethingCompressed) {
  EXPECT_EQ(open(Carrier::kOutput, 0x00, "616263"), "abc");
  EXPECT_EQ(histories_.memory(), 0U);
  (void)open(Carrier::kOutput, 0x61, "616263");
  EXPECT_EQ(histories_.memory(), 65536U);
  histories_.drop(kServer);
  EXPECT_EQ(histories_.memory(), 0U);
  EXPECT_EQ(open(Carrier::kOutput, 0x21, "616263"), "history at 0: not known");
}

TEST(BulkHistories, AreNotKnownInTheMiddleOfASession) {
  BulkHistories histories;
  const auto packet = hex("616263");
  const auto open = [&](std::uint8_t flags) {
    return histories.open(Carrier::kChannels, bulk::PacketFlags{flags}, packet, kClient)
        .has_value();
  };
  EXPECT_FALSE(open(0x20));
  EXPECT_TRUE(open(0x60));
  EXPECT_TRUE(open(0x20));
}

}  // namespace
}  // namespace remora::rdp
