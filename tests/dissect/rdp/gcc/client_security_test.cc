#include "dissect/rdp/gcc/client_security.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ClientSecurity, ReadsBothFields) {
  const auto security = decode(hex("1b000000 08000000"), read_client_security);
  ASSERT_TRUE(security.has_value());
  EXPECT_EQ(security->encryption_methods, 0x1bU);
  EXPECT_EQ(security->ext_encryption_methods, 8U);
  testing::expect_reader_laws(hex("1b000000 08000000"), read_client_security);
}

TEST(ClientSecurity, MayLackTheSecond) {
  EXPECT_FALSE(decode(hex("03000000"), read_client_security)->ext_encryption_methods.has_value());
}

TEST(ClientSecurity, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(hex("03"), read_client_security).error().field, "encryptionMethods");
}

}  // namespace
}  // namespace remora::rdp
