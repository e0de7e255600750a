#include "dissect/dcerpc/auth_verifier.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::dcerpc {
namespace {

using testing::hex;

// [MS-RPCE] 2.2.2.11, behind a header, four bytes of a body and two of padding.
const auto kAuth3 =
    hex("05 00 10 03 10000000 2200 0400 02000000"
        "00000000 ffff"
        "0a 05 02 00"  // auth_type, auth_level, auth_pad_length, auth_reserved
        "01000000"     // auth_context_id
        "aabbccdd");   // auth_value

TEST(AuthVerifier, StandsAtTheEnd) {
  const auto header = decode(kAuth3, read_pdu_header).value();
  const auto verifier = find_auth_verifier(header, kAuth3);
  ASSERT_TRUE(verifier.has_value());
  EXPECT_EQ(verifier->type, AuthType::kWinNt);
  EXPECT_EQ(verifier->level, 5);
  EXPECT_EQ(verifier->context_id, 1U);
  ASSERT_EQ(verifier->value.size(), 4U);
  EXPECT_EQ(to_u8(verifier->value[0]), 0xaa);
}

TEST(AuthVerifier, IsAbsentWithoutLength) {
  auto header = decode(kAuth3, read_pdu_header).value();
  header.auth_length = 0;
  EXPECT_FALSE(find_auth_verifier(header, kAuth3).has_value());
  header.auth_length = 40;
  EXPECT_FALSE(find_auth_verifier(header, kAuth3).has_value());
}

}  // namespace
}  // namespace remora::dcerpc
