#include "dissect/dcerpc/pdu_header.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::dcerpc {
namespace {

using testing::hex;

// [C706] 12.6.3.1
const auto kBind =
    hex("05 00 0b 03"  // rpc_vers, rpc_vers_minor, PTYPE, pfc_flags
        "10 00 00 00"  // drep: little-endian, ASCII, IEEE
        "1c00 0400"    // frag_length, auth_length
        "02000000"     // call_id
        "0a02 0000 00000000 aabbccdd");

TEST(PduHeader, IsReadInTheOrderThatItTells) {
  const auto little = decode(kBind, read_pdu_header);
  ASSERT_TRUE(little.has_value());
  EXPECT_EQ(little->type, PduType::kBind);
  EXPECT_EQ(little->flags, PduHeader::kFirstFragment | PduHeader::kLastFragment);
  EXPECT_EQ(little->frag_length, 28);
  EXPECT_EQ(little->auth_length, 4);
  EXPECT_EQ(little->call_id, 2U);
  const auto big = decode(hex("05 01 0c 03 00 00 00 00 001c 0004 00000002"), read_pdu_header);
  ASSERT_TRUE(big.has_value());
  EXPECT_EQ(big->type, PduType::kBindAck);
  EXPECT_FALSE(big->little_endian);
  EXPECT_EQ(big->frag_length, 28);
  EXPECT_EQ(big->call_id, 2U);
}

TEST(PduHeader, IsRefusedWithOtherVersionsAndLengths) {
  EXPECT_FALSE(decode(hex("04 00 0b 03 10000000 1c00 0400 02000000"), read_pdu_header).has_value());
  EXPECT_FALSE(decode(hex("05 02 0b 03 10000000 1c00 0400 02000000"), read_pdu_header).has_value());
  EXPECT_FALSE(decode(hex("05 00 0b 03 22000000 1c00 0400 02000000"), read_pdu_header).has_value());
  EXPECT_FALSE(decode(hex("05 00 0b 03 10040000 1c00 0400 02000000"), read_pdu_header).has_value());
  EXPECT_FALSE(decode(hex("05 00 0b 03 10000000 1b00 0400 02000000"), read_pdu_header).has_value());
  EXPECT_FALSE(decode(hex("05 00 0b 03 10000000 0f00 0000 02000000"), read_pdu_header).has_value());
}

TEST(PduHeader, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(kBind, read_pdu_header);
}

TEST(Pdu, IsMeasuredByItsFragLength) {
  EXPECT_EQ(measure_pdu(kBind).size(), kBind.size());
  for (std::size_t size = 0; size < kBind.size(); ++size) {
    EXPECT_TRUE(measure_pdu(ByteView{kBind}.first(size)).needs_more()) << size;
  }
  EXPECT_TRUE(measure_pdu(hex("06")).is_lost());
}

TEST(Recognise, KnowsABindAndItsAnswer) {
  EXPECT_EQ(recognise(kBind), Verdict::kYes);
  EXPECT_EQ(recognise(hex("05 00 0c 03 10000000 1c00 0400 02000000")), Verdict::kYes);
  // A call on a connection whose bind was not seen, and its answer.
  EXPECT_EQ(recognise(hex("05 00 00 03 10000000 1c00 0400 02000000")), Verdict::kYes);
  EXPECT_EQ(recognise(hex("05 00 02 03 10000000 1c00 0400 02000000")), Verdict::kYes);
  EXPECT_EQ(recognise(hex("05 01 00 01 c0000201")), Verdict::kNo);  // SOCKS 5, CONNECT
  EXPECT_EQ(recognise(hex("05 02 00 02")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("04")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("05 00 0b 03 11000000 1c00 0400 02000000")), Verdict::kYes);
  for (std::size_t size = 0; size < kPduHeaderBytes; ++size) {
    EXPECT_EQ(recognise(ByteView{kBind}.first(size)), Verdict::kMore) << size;
  }
}

}  // namespace
}  // namespace remora::dcerpc
