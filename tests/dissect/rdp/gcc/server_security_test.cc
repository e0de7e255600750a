#include "dissect/rdp/gcc/server_security.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ServerSecurity, EndsAfterTwoZerosUnderTls) {
  const auto security = decode(hex("00000000 00000000"), read_server_security);
  ASSERT_TRUE(security.has_value());
  EXPECT_EQ(security->encryption_method, EncryptionMethod::kNone);
  EXPECT_EQ(security->encryption_level, EncryptionLevel::kNone);
  EXPECT_TRUE(security->server_random.empty());
  EXPECT_FALSE(security->certificate.has_value());
}

TEST(ServerSecurity, ReadsFipsAsSixteen) {
  const auto security = decode(hex("10000000 04000000"), read_server_security);
  ASSERT_TRUE(security.has_value());
  EXPECT_EQ(security->encryption_method, EncryptionMethod::kFips);
  EXPECT_EQ(security->encryption_level, EncryptionLevel::kFips);
}

TEST(ServerSecurity, KeepsTheRandomWhenTheCertificateCannotBeRead) {
  const auto bytes =
      hex("02000000 03000000"  // encryptionMethod, encryptionLevel
          "02000000 04000000"  // serverRandomLen, serverCertLen
          "aabb 05000000");    // serverRandom, serverCertificate
  const auto security = decode(bytes, read_server_security);
  ASSERT_TRUE(security.has_value());
  EXPECT_EQ(security->server_random.size(), 2U);
  EXPECT_FALSE(security->certificate.has_value());
  ASSERT_TRUE(security->damage.has_value());
  EXPECT_EQ(security->damage->field, "serverCertificate.dwVersion");
  EXPECT_EQ(security->damage->offset, 22U);
  testing::expect_reader_laws(bytes, read_server_security);
}

TEST(ServerSecurity, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(
      decode(hex("02000000 03000000 20000000 b8000000 00"), read_server_security).error().to_text(),
      "serverRandom at 16: 1 of 32 bytes");
}

}  // namespace
}  // namespace remora::rdp
