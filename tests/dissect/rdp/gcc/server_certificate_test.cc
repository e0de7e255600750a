#include "dissect/rdp/gcc/server_certificate.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using observation::ServerCertificateKind;
using testing::expect_reader_laws;
using testing::hex;

/// Self-signed, made for this test with OpenSSL: CN=T, RSA of 1024 bits, exponent 65537.
const std::string kDer =
    "308201ba30820123a003020102020101300d06092a864886f70d0101050500300c310a300806035504030c01"
    "54301e170d3236313132333130333433395a170d3336313132303130333433395a300c310a30080603550403"
    "0c015430819f300d06092a864886f70d010101050003818d0030818902818100a5d180c417123ff5510c14a5"
    "d9607f0bee53a420b7d1a1f1a4eee8912af5da8f6fcf8c647d45358cf851238466d56bcd6cec468f6e5b853d"
    "988bfe4dbf44f8ffb7a1cd7640b88be0bb262156bd49add2bb6f61e852bdb57d1966537cefd518b30c6d5004"
    "1e815b6c3573fb08624c4642a5b1220e1a5549f01a4571c890f745c70203010001a32c302a30090603551d13"
    "04023000301d0603551d0e041604141edb38d6070a12a1da5330d19dc6be4599931519300d06092a864886f7"
    "0d0101050500038181008947a050117ef23d5b5fe745536b3b4ea873264ba1a79648855e68cc864493241a78"
    "678ed2586d22c0f630db235fdb9a76fdd45fb57744dba896202e53ed4a1adb68454dca304ba6889a5fc20ede"
    "3c4080ec4be7611fe0c984dbdc18b631bd7352a44dceafdb1178b52f8fd5f84cd0bc1e6303a55e8974187894"
    "0c67c3f77d3a";

const std::string kProprietary =
    "01000000 01000000 01000000"                    // dwVersion, dwSigAlgId, dwKeyAlgId
    "0600 2400"                                     // wPublicKeyBlobType, wPublicKeyBlobLen
    "52534131 10000000 40000000 07000000 01000100"  // magic, keylen, bitlen, datalen, pubExp
    "a1a2a3a4a5a6a7a8 0000000000000000"             // modulus
    "0800 0400 01020304";                           // signature

TEST(ServerCertificate, MayBeProprietary) {
  const auto bytes = hex(kProprietary);
  const auto certificate = decode(bytes, read_server_certificate);
  ASSERT_TRUE(certificate.has_value());
  EXPECT_EQ(certificate->version, 1U);
  EXPECT_FALSE(certificate->temporarily_issued);
  EXPECT_EQ(certificate->kind, ServerCertificateKind::kProprietary);
  ASSERT_TRUE(certificate->public_key.has_value());
  EXPECT_EQ(certificate->public_key->bits, 64U);
  EXPECT_EQ(certificate->public_key->exponent, 65537U);
  ASSERT_EQ(certificate->public_key->modulus.size(), 8U);
  EXPECT_EQ(certificate->public_key->modulus[7], std::byte{0xa8});
  EXPECT_TRUE(certificate->leaf().empty());
  expect_reader_laws(bytes, read_server_certificate);
}

TEST(ServerCertificate, MayBeAnX509ChainWithTheLeafLast) {
  const auto bytes =
      hex("02000080 02000000"
          "02000000 3000"
          "be010000" +
          kDer);
  const auto certificate = decode(bytes, read_server_certificate);
  ASSERT_TRUE(certificate.has_value());
  EXPECT_EQ(certificate->version, 2U);
  EXPECT_TRUE(certificate->temporarily_issued);
  EXPECT_EQ(certificate->kind, ServerCertificateKind::kX509Chain);
  ASSERT_EQ(certificate->chain.size(), 2U);
  EXPECT_EQ(certificate->chain[0].size(), 2U);
  EXPECT_EQ(certificate->leaf().size(), 446U);
  ASSERT_TRUE(certificate->public_key.has_value());
  EXPECT_EQ(certificate->public_key->bits, 1024U);
  EXPECT_EQ(certificate->public_key->exponent, 65537U);
  ASSERT_EQ(certificate->public_key->modulus.size(), 128U);
  EXPECT_EQ(certificate->public_key->modulus[0], std::byte{0xa5});
  expect_reader_laws(bytes, read_server_certificate);
}

TEST(ServerCertificate, KeepsAChainWhoseLeafHoldsNoRsaKey) {
  const auto bytes = hex("02000000 01000000 02000000 3000");
  const auto certificate = decode(bytes, read_server_certificate);
  ASSERT_TRUE(certificate.has_value());
  EXPECT_EQ(certificate->leaf().size(), 2U);
  EXPECT_FALSE(certificate->public_key.has_value());
}

TEST(ServerCertificate, IsAnErrorOfAnotherVersionMagicOrLength) {
  EXPECT_EQ(decode(hex("03000000"), read_server_certificate).error().field, "dwVersion");
  auto bytes = hex(kProprietary);
  bytes[16] = std::byte{0};
  EXPECT_EQ(decode(bytes, read_server_certificate).error().field, "PublicKeyBlob.magic");
  EXPECT_EQ(decode(hex("02000000 c9000000"), read_server_certificate).error().reason,
            "more than 200");
}

TEST(X509RsaKey, DoesNotLookAtTheAlgorithm) {
  auto bytes = hex(kDer);
  const auto oid = hex("2a864886f70d010101");  // rsaEncryption
  const auto at = std::search(bytes.begin(), bytes.end(), oid.begin(), oid.end());
  ASSERT_NE(at, bytes.end());
  at[8] = std::byte{0x04};  // md5WithRSAEncryption
  const auto key = decode(bytes, read_x509_rsa_key);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->bits, 1024U);
  expect_reader_laws(bytes, read_x509_rsa_key);
}

}  // namespace
}  // namespace remora::rdp
