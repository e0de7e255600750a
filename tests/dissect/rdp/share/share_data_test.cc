#include "dissect/rdp/share/share_data.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ShareData, ReadsEveryField) {
  const auto bytes =
      hex("ea030100 00 01"   // shareID, pad1, streamID
          "0800 2f 00 0000"  // uncompressedLength, pduType2, compressed...
          "0c000000");
  const auto pdu = decode(bytes, read_share_data_pdu);
  ASSERT_TRUE(pdu.has_value());
  EXPECT_EQ(pdu->share_id, 0x103eaU);
  EXPECT_EQ(pdu->stream_id, 1);
  EXPECT_EQ(pdu->uncompressed_length, 8);
  EXPECT_EQ(pdu->type, ShareDataType::kSetErrorInfo);
  EXPECT_FALSE(pdu->is_compressed());
  EXPECT_EQ(pdu->compressed_length, 0);
  EXPECT_EQ(pdu->payload.size(), 4U);
  testing::expect_reader_laws(bytes, read_share_data_pdu);
}

TEST(ShareData, TellsCompression) {
  EXPECT_TRUE(
      decode(hex("00000000 00 01 0800 02 61 1400 aabb"), read_share_data_pdu)->is_compressed());
}

TEST(ShareData, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(hex("ea030100 00 01 0800"), read_share_data_pdu).error().field, "pduType2");
}

}  // namespace
}  // namespace remora::rdp
