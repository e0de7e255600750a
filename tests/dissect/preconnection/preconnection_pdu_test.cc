#include "dissect/preconnection/preconnection_pdu.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::preconnection {
namespace {

using testing::hex;

// [MS-RDPEPS] 2.2.1.1; the SID of protocols-ra.md 8.2.
const auto kVersion1 =
    hex("10000000"    // cbSize
        "00000000"    // Flags
        "01000000"    // Version
        "130ddd55");  // Id
// 2.2.1.2.
const auto kVersion2 =
    hex("18000000 00000000 02000000 00000000"
        "0300"              // cchPCB
        "7600 6d00 0000");  // wszPCB "vm"

TEST(PreconnectionPdu, HoldsAnId) {
  const auto pdu = decode(kVersion1, read_preconnection_pdu);
  ASSERT_TRUE(pdu.has_value());
  EXPECT_EQ(pdu->version, 1U);
  EXPECT_EQ(pdu->id, 1440550163U);
  EXPECT_TRUE(pdu->blob.empty());
}

TEST(PreconnectionPdu, HoldsABlobInVersionTwo) {
  const auto pdu = decode(kVersion2, read_preconnection_pdu);
  ASSERT_TRUE(pdu.has_value());
  EXPECT_EQ(pdu->blob, "vm");
}

TEST(PreconnectionPdu, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(kVersion1, read_preconnection_pdu);
  testing::expect_reader_laws(kVersion2, read_preconnection_pdu);
}

TEST(PreconnectionPdu, IsMeasuredByItsSize) {
  EXPECT_EQ(measure_preconnection_pdu(kVersion2).size(), kVersion2.size());
  for (std::size_t size = 0; size < kVersion2.size(); ++size) {
    EXPECT_TRUE(measure_preconnection_pdu(ByteView{kVersion2}.first(size)).needs_more()) << size;
  }
}

TEST(Recognise, KnowsBothVersionsAndNothingElse) {
  EXPECT_EQ(recognise(kVersion1), Verdict::kYes);
  EXPECT_EQ(recognise(kVersion2), Verdict::kYes);
  EXPECT_EQ(recognise(hex("10000000 00000000 03000000 00000000")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("11000000 00000000 01000000 00000000")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("10000000 00000001 01000000 00000000")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("0300 0013 0ee0")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("0300")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("04")), Verdict::kMore);
  EXPECT_EQ(recognise(hex("04010000 00000000 02000000 00000000 7500")), Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("GET / HTTP/1.1")), Verdict::kNo);
}

TEST(Recognise, AsksForMoreWhileItMayBeOne) {
  for (std::size_t size = 1; size < 12; ++size) {
    EXPECT_EQ(recognise(ByteView{kVersion1}.first(size)), Verdict::kMore) << size;
  }
}

}  // namespace
}  // namespace remora::preconnection
