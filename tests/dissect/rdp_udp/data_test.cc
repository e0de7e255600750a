#include <gtest/gtest.h>

#include "dissect/rdp_udp/data_v1.h"
#include "dissect/rdp_udp/data_v2.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp_udp {
namespace {

using testing::hex;

// Layouts of the zeek captures rdpeudp-handshake-success and rdpeudp2-handshake-success.
const auto kV1 =
    hex("0b127f16 00c8 000c"  // snSourceAck, uReceiveWindowSize; ACK, DATA
        "0001 00 1f"          // one ACK vector element, one byte up to the DWORD
        "0f94ea0c 0f94ea0c"   // snCoded, snSourceStart
        "160303");
const auto kV2 =
    hex("00 14c1 01f4 0164 e0"  // the prefix in the place of the eighth byte
        "64 00 0100 160303");
const auto kV2WithAck = hex("00 55c1 6400 0301 e0 01 00 0a 01f401 6400 6400 0100 1603");

TEST(DataV1, PayloadStandsBehindThePaddedAcknowledgement) {
  const auto data = decode(kV1, read_data_v1);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->source_start, 0x0f94ea0cU);
  EXPECT_TRUE(std::ranges::equal(data->payload, hex("160303")));
  testing::expect_reader_laws(kV1, read_data_v1);
}

TEST(DataV1, AcknowledgementsAloneAndRedundancyCarryNothing) {
  EXPECT_TRUE(decode(hex("9fd6752e 00c8 0004 0003 00c000 6d5c18"), read_data_v1)->payload.empty());
  EXPECT_TRUE(decode(hex("00000001 00c8 0018 00000002 00000003 01 00 0000 ff"), read_data_v1)
                  ->payload.empty());
  const auto reset = decode(hex("00000001 00c8 0108 00000007 00000002 00000003 ff"), read_data_v1);
  EXPECT_EQ(reset->source_start, 3U);
}

TEST(DataV2, IsUnveiled) {
  // [MS-RDPEUDP2] 3.1.1.1.5.1, its example backwards.
  std::vector<std::byte> clear;
  unveil(hex("73 30 35 56 78 a2 36 10 ee 68 f2"), clear);
  EXPECT_EQ(clear, hex("10 30 35 56 78 a2 36 73 ee 68 f2"));
  unveil(hex("00 30 35 56 78 a2 36 60"), clear);  // three bytes, filled up
  EXPECT_EQ(clear, hex("60 30 35 56"));
  unveil(hex("00 30 35 56 78 a2 36"), clear);
  EXPECT_TRUE(clear.empty());
}

TEST(DataV2, PayloadStandsBehindAllOthers) {
  std::vector<std::byte> clear;
  for (const auto& [bytes, payload] :
       {std::pair{kV2, hex("160303")}, std::pair{kV2WithAck, hex("1603")}}) {
    unveil(bytes, clear);
    const auto data = decode(clear, read_data_v2);
    ASSERT_TRUE(data.has_value());
    EXPECT_FALSE(data->dummy);
    EXPECT_EQ(data->channel_sequence_number, 1);
    EXPECT_TRUE(std::ranges::equal(data->payload, payload));
    testing::expect_reader_laws(clear, read_data_v2);
  }
}

TEST(DataV2, AcknowledgementVectorStandsBeforeTheBody) {
  const auto data = decode(hex("e0 0cc0 6400 0100 82 010203 04 80 81 0700 16"), read_data_v2);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->channel_sequence_number, 7);
  EXPECT_EQ(data->payload.size(), 1U);
}

TEST(DataV2, DummyMeansNothing) {
  const auto data = decode(hex("f0 14c0 6400 6500 0000 00"), read_data_v2);
  EXPECT_TRUE(data->dummy);
  EXPECT_FALSE(data->channel_sequence_number.has_value());
}

}  // namespace
}  // namespace remora::rdp_udp
