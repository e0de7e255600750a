// OpenSSL that is set up to refuse what is asked of it, as where only approved algorithms may be
// used: what needs them stays sealed, and nothing is told that was made of nothing. A program of
// its own, for the setting is of the whole process.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "capture/base/bytes.h"
#include "dissect/encoding/digest.h"
#include "dissect/rdp/security/fips_direction.h"
#include "dissect/rdp/security/rc4_direction.h"
#include "dissect/rdp/security/session_keys.h"
#include "dissect/rdp/security/signature.h"

namespace remora::rdp {
namespace {

const std::string kRandom(32, 'r');
const std::string kKey(16, 'k');
const std::string kFipsKey(24, 'f');

class Refused : public ::testing::Test {
 protected:
  void SetUp() override {
    // Made before, as a key that is in use when the library refuses the next call.
    before_.emplace(as_bytes(kKey));
    rc4_.emplace(EncryptionMethod::k128Bit, as_bytes(kKey), as_bytes(kKey));
    ASSERT_TRUE(derive(EncryptionMethod::k128Bit).has_value()) << "the control";
    ASSERT_EQ(EVP_set_default_properties(nullptr, "provider=none"), 1);
  }
  void TearDown() override { EVP_set_default_properties(nullptr, ""); }

  static std::optional<SessionKeys> derive(EncryptionMethod method) {
    return derive_session_keys(method, as_bytes(kRandom), as_bytes(kRandom));
  }
  SealedData sealed(std::size_t size) {
    data_.assign(size, std::byte{0x55});
    return {.kind = SealedKind::kUnknown,  // of which everything is plausible
            .signature = ByteView{signature_},
            .data = ByteView{data_},
            .pdu_bytes = size + 20};
  }

  std::optional<MacVerifier> before_;
  std::optional<Rc4Direction> rc4_;
  std::vector<std::byte> data_;
  std::array<std::byte, 8> signature_{};
};

TEST_F(Refused, ThereAreNoSessionKeys) {
  for (const auto method : {EncryptionMethod::k40Bit, EncryptionMethod::k56Bit,
                            EncryptionMethod::k128Bit, EncryptionMethod::kFips}) {
    EXPECT_FALSE(derive(method).has_value());
  }
  EXPECT_TRUE(updated_key(EncryptionMethod::k128Bit, as_bytes(kKey), as_bytes(kKey)).empty());
}

TEST_F(Refused, NoSignatureIsRight) {
  MacVerifier mac{as_bytes(kKey)};
  EXPECT_FALSE(mac.is_right(as_bytes("text"), signature_));
  EXPECT_FALSE(mac.number_of(as_bytes("text"), signature_, {.low = 0, .high = 9}).has_value());
  HmacVerifier hmac{as_bytes(kKey)};
  EXPECT_FALSE(hmac.number_of(as_bytes("text"), signature_, {.low = 0, .high = 9}).has_value());
}

TEST_F(Refused, TripleDesStaysSealed) {
  FipsDirection direction{as_bytes(kFipsKey), as_bytes(kKey)};
  std::array<std::byte, 16> plaintext{};
  EXPECT_EQ(direction.open(sealed(16), plaintext), Opened::kAbandoned);
  EXPECT_EQ(plaintext, (std::array<std::byte, 16>{}));
}

TEST_F(Refused, Rc4EndsWhereItsKeyShouldBeUpdated) {
  std::array<std::byte, 16> plaintext{};
  for (int pdu = 0; pdu < 4096; ++pdu) {
    ASSERT_NE(rc4_->open(sealed(16), plaintext), Opened::kAbandoned) << pdu;
  }
  EXPECT_EQ(rc4_->open(sealed(16), plaintext), Opened::kAbandoned);
}

TEST_F(Refused, AFingerprintIsAbsent) {
  EXPECT_FALSE(encoding::md5(as_bytes("text")).has_value());
  ASSERT_EQ(EVP_set_default_properties(nullptr, ""), 1);
  EXPECT_TRUE(encoding::md5(as_bytes("text")).has_value()) << "the control";
}

}  // namespace
}  // namespace remora::rdp
