#include "dissect/rdp/share/share_control.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ShareControl, BordersItsBody) {
  const auto bytes = hex("0800 1700 ea03 aabb");
  const auto pdu = decode(bytes, read_share_control_pdu);
  ASSERT_TRUE(pdu.has_value());
  EXPECT_EQ(pdu->type, SharePduType::kData);
  EXPECT_EQ(pdu->version, 1);
  EXPECT_EQ(pdu->pdu_source, 1002);
  EXPECT_EQ(pdu->body.size(), 2U);
  EXPECT_FALSE(pdu->is_flow());
  testing::expect_reader_laws(bytes, read_share_control_pdu);
}

TEST(ShareControl, LeavesTheNextPduToTheNextCall) {
  const auto bytes =
      hex("0600 1600 ea03"
          "0700 1700 ea03 aa");
  Cursor in{bytes};
  EXPECT_EQ(read_share_control_pdu(in).type, SharePduType::kDeactivateAll);
  EXPECT_EQ(read_share_control_pdu(in).type, SharePduType::kData);
  EXPECT_TRUE(in.ok());
  EXPECT_TRUE(in.at_end());
}

TEST(ShareControl, StepsOverAFlowPdu) {
  const auto bytes =
      hex("0080 4100 0000 0000"
          "0600 1600 ea03");
  Cursor in{bytes};
  EXPECT_TRUE(read_share_control_pdu(in).is_flow());
  EXPECT_EQ(read_share_control_pdu(in).type, SharePduType::kDeactivateAll);
}

TEST(ShareControl, MayLackItsSource) {
  const auto pdu = decode(hex("0400 1600"), read_share_control_pdu);
  ASSERT_TRUE(pdu.has_value());
  EXPECT_EQ(pdu->type, SharePduType::kDeactivateAll);
  EXPECT_FALSE(pdu->pdu_source.has_value());
}

TEST(ShareControl, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(decode(hex("0300 1600"), read_share_control_pdu).error().field, "totalLength");
  EXPECT_EQ(decode(hex("0900 1700 ea03 aabb"), read_share_control_pdu).error().to_text(),
            "shareControlPdu at 2: 6 of 7 bytes");
}

}  // namespace
}  // namespace remora::rdp
