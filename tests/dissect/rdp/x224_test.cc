#include "dissect/rdp/x224.h"

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;
namespace golden = testing::golden;

TEST(Tpdu, OfAConnectionRequestHasItsVariablePart) {
  const auto bytes = golden::connection_request();
  const auto tpdu = decode(bytes, read_tpdu);
  ASSERT_TRUE(tpdu.has_value());
  EXPECT_EQ(tpdu->length_indicator, 0x26);
  EXPECT_EQ(tpdu->code, TpduCode::kConnectionRequest);
  EXPECT_EQ(tpdu->destination_reference, 0);
  EXPECT_EQ(tpdu->source_reference, 0);
  EXPECT_EQ(tpdu->class_option, 0);
  EXPECT_EQ(tpdu->user_data.size(), bytes.size() - 11);
  expect_reader_laws(bytes, read_tpdu);
}

TEST(Tpdu, OfAConnectionConfirmHasItsReferences) {
  const auto bytes = golden::connection_confirm();
  const auto tpdu = decode(bytes, read_tpdu);
  ASSERT_TRUE(tpdu.has_value());
  EXPECT_EQ(tpdu->code, TpduCode::kConnectionConfirm);
  EXPECT_EQ(tpdu->source_reference, 0x1234);
  EXPECT_EQ(tpdu->user_data.size(), 8U);
}

TEST(Tpdu, OfDataHasWhatFollowsItsHeader) {
  const auto bytes = golden::attach_user_request();
  const auto tpdu = decode(bytes, read_tpdu);
  ASSERT_TRUE(tpdu.has_value());
  EXPECT_EQ(tpdu->code, TpduCode::kData);
  ASSERT_EQ(tpdu->user_data.size(), 1U);
  EXPECT_EQ(tpdu->user_data[0], std::byte{0x28});
  expect_reader_laws(bytes, read_tpdu);
}

TEST(Tpdu, OfADisconnectRequestHasItsReason) {
  const auto bytes =
      hex("03 00 000b"  // TPKT
          "06"          // LI
          "80"          // DR
          "0001 1234"   // destination, source
          "80");        // reason: normal
  const auto tpdu = decode(bytes, read_tpdu);
  ASSERT_TRUE(tpdu.has_value());
  EXPECT_EQ(tpdu->code, TpduCode::kDisconnectRequest);
  EXPECT_EQ(tpdu->destination_reference, 1);
  EXPECT_EQ(tpdu->source_reference, 0x1234);
  EXPECT_EQ(tpdu->reason, 128);
  expect_reader_laws(bytes, read_tpdu);
}

TEST(Tpdu, OfAnErrorHasItsRejectCause) {
  const auto tpdu = decode(hex("03 00 0009 04 70 0001 02"), read_tpdu);
  ASSERT_TRUE(tpdu.has_value());
  EXPECT_EQ(tpdu->code, TpduCode::kError);
  EXPECT_EQ(tpdu->reason, 2);
}

TEST(Tpdu, IgnoresTheLowBitsOfItsCode) {
  EXPECT_EQ(decode(hex("03 00 000b 06 e1 0000 0000 00"), read_tpdu)->code,
            TpduCode::kConnectionRequest);
}

TEST(Tpdu, NamesTheFieldThatIsMissing) {
  const auto error = decode(hex("03 00 000b 06 e0 0000 00"), read_tpdu).error();
  EXPECT_EQ(error.to_text(), "SRC-REF at 8: 1 of 2 bytes");
}

}  // namespace
}  // namespace remora::rdp
