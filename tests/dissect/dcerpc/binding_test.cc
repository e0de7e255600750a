#include "dissect/dcerpc/binding.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"
#include "tests/support/offer_pdus.h"

namespace remora::dcerpc {
namespace {

using testing::hex;

const auto kBind = hex(testing::kBindPchService);
const auto kAck = hex(testing::kBindAck);
constexpr auto kPchService = ndr::make_guid("833E4200-AFF7-4AC3-AAC2-9F24C1457BCE");

TEST(Bind, SaysWhatItsContextsMean) {
  const auto contexts = decode(kBind, read_bind);
  ASSERT_TRUE(contexts.has_value());
  ASSERT_EQ(contexts->size(), 1U);
  EXPECT_EQ(contexts->at(0).id, 1);
  EXPECT_EQ(contexts->at(0).interface, kPchService);
  EXPECT_TRUE(contexts->at(0).ndr);
  testing::expect_reader_laws(kBind, read_bind);
}

TEST(Bind, IsReadInTheOrderThatItTells) {
  // [C706] 12.6.4.3, big-endian.
  const auto big =
      hex("05 00 0b 03 00 00 00 00 0048 0000 00000002 16d0 16d0 00000000 01 000000"
          "0007 01 00 833e4200 aff7 4ac3 aac29f24c1457bce 00000000"
          "8a885d04 1ceb 11c9 9fe808002b104860 00000002");
  const auto contexts = decode(big, read_bind);
  ASSERT_TRUE(contexts.has_value());
  ASSERT_EQ(contexts->size(), 1U);
  EXPECT_EQ(contexts->at(0).id, 7);
  EXPECT_EQ(contexts->at(0).interface, kPchService);
}

TEST(BindAck, SaysWhatBecameOfThem) {
  const auto results = decode(kAck, read_bind_ack);
  ASSERT_TRUE(results.has_value());
  ASSERT_EQ(results->size(), 1U);
  EXPECT_EQ(results->at(0).result, ContextResult::kAcceptance);
  EXPECT_EQ(results->at(0).transfer_syntax, kNdr);
  testing::expect_reader_laws(kAck, read_bind_ack);
}

TEST(BindNak, HasAReason) {
  const auto nak = hex("05 00 0d 03 10 00 00 00 1500 0000 02000000 0400 01 05 00");
  EXPECT_EQ(decode(nak, read_bind_nak).value_or(0), 4);
}

}  // namespace
}  // namespace remora::dcerpc
