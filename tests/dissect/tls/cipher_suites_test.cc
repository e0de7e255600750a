#include "dissect/tls/cipher_suites.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "dissect/tls/cipher_suite_names.h"

namespace remora::tls {
namespace {

TEST(CipherSuites, AreSortedSoThatTheyCanBeFound) {
  EXPECT_TRUE(
      std::ranges::is_sorted(cipher_suite_names(), std::ranges::less{}, &CipherSuiteName::suite));
}

TEST(CipherSuites, HaveTheirRegisteredNames) {
  EXPECT_EQ(cipher_name(0x002f), "TLS_RSA_WITH_AES_128_CBC_SHA");
  EXPECT_EQ(cipher_name(0x1301), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(cipher_name(0xc030), "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  EXPECT_EQ(cipher_name(0xcca8), "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
  EXPECT_EQ(cipher_name(0x0a0a), "0x0a0a");
}

// One row per way of protection, computed from the RFCs cited in the source.
TEST(PlaintextLength, FollowsFromTheSuite) {
  EXPECT_EQ(plaintext_length(0x0303, 0xc030, 12 + 24).bytes, 12U);  // AES-GCM
  EXPECT_EQ(plaintext_length(0x0303, 0xcca8, 12 + 16).bytes, 12U);  // ChaCha20-Poly1305
  EXPECT_EQ(plaintext_length(0x0303, 0xc0a0, 12 + 16).bytes, 12U);  // CCM_8
  EXPECT_EQ(plaintext_length(0x0304, 0x1302, 12 + 17).bytes, 12U);  // TLS 1.3
  EXPECT_EQ(plaintext_length(0x0301, 0x0005, 12 + 20).bytes, 12U);  // RC4-SHA
  EXPECT_TRUE(plaintext_length(0x0301, 0x0005, 32).exact);
}

TEST(PlaintextLength, IsAnUpperBoundWhereBlocksArePadded) {
  // AES-CBC with SHA-1 in TLS 1.0: 12 + 20 bytes and padding make 48.
  const auto tls10 = plaintext_length(0x0301, 0x002f, 48);
  EXPECT_FALSE(tls10.exact);
  EXPECT_EQ(tls10.bytes, 27U);
  // In TLS 1.1 and later an IV of 16 bytes stands before it.
  EXPECT_EQ(plaintext_length(0x0303, 0x002f, 64).bytes, 27U);
}

TEST(PlaintextLength, IsNothingWhereTheRecordIsShorterThanItsProtection) {
  EXPECT_EQ(plaintext_length(0x0303, 0xc030, 3).bytes, 0U);
}

}  // namespace
}  // namespace remora::tls
