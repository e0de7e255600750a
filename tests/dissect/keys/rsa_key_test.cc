#include "dissect/keys/rsa_key.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "dissect/keys/key_ring.h"
#include "tests/support/hex.h"

namespace remora::keys {
namespace {

using testing::hex;

// The 512-bit key and the client random of protocols-rdp.md 10, little-endian as there.
constexpr std::string_view kModulus =
    "edf118339e6cf30888cad52a43921547e3ce962eb3639785dc2433588a8c89e2"
    "1606c2394095d8c4816045818e007d26178ff5c79d7a461b03836bdf6660dabd";
constexpr std::string_view kExponent =
    "81e95dd837c1adc5a68202cfa7d01d9fae10c99f690acdc458bd76de3cdc9d7f"
    "1e31d1c0ad2fa89b8433735c5dce29d7126041d62cad3f70a7248c60e9488239";
constexpr std::string_view kSealedClientRandom =
    "8bcc7c117424353d6a5a22071afd1eabc58506df054171c768b9731bbd05747d"
    "c1810a175442980d65ebc1ab9d11ab46df90155f038d75aff71cb2e8fdadb692";

std::vector<std::byte> turned(std::vector<std::byte> bytes) {
  std::ranges::reverse(bytes);
  return bytes;
}

std::vector<std::byte> zeros(std::size_t count) {
  return std::vector<std::byte>(count);
}

void append(std::vector<std::byte>& to, const std::vector<std::byte>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// A BSAFE private key, protocols-rdp.md 3.9; the primes are not needed and left zero.
std::vector<std::byte> rsa2_blob() {
  auto blob = hex("52534132 48000000 00020000 3f000000 01000100");
  append(blob, hex(kModulus));
  append(blob, zeros(8 + 5 * 36));
  append(blob, hex(kExponent));
  append(blob, zeros(8 + 36));
  return blob;
}

std::string ini_line(std::string_view name, const std::vector<std::byte>& little_endian) {
  std::string line{name};
  for (const auto byte : little_endian) {
    std::array<char, 8> text{};
    (void)std::snprintf(text.data(), text.size(), "0x%02x,", to_u8(byte));
    line += text.data();
  }
  return line.substr(0, line.size() - 1) + "\n";
}

void expect_the_key(const ReadKey& read) {
  ASSERT_TRUE(read.key.has_value()) << read.why;
  EXPECT_EQ(read.key->modulus, turned(hex(kModulus)));
  const auto opened = open_raw(*read.key, turned(hex(kSealedClientRandom)));
  std::vector<std::byte> random{opened.bytes().rbegin(), opened.bytes().rend()};
  ASSERT_EQ(random.size(), 64U);
  for (std::size_t at = 0; at < random.size(); ++at) {
    EXPECT_EQ(to_u8(random[at]), at < 32 ? at : 0U);
  }
}

TEST(RsaKey, ReadsTheSecretOfWindowsAndOpensAClientRandomWithIt) {
  EXPECT_EQ(rsa2_blob().size(), 380U);
  expect_the_key(read_rsa_key(rsa2_blob(), {}));
}

TEST(RsaKey, ReadsTheSecretAsHexText) {
  std::string text;
  for (const auto byte : rsa2_blob()) {
    std::array<char, 4> digits{};
    (void)std::snprintf(digits.data(), digits.size(), "%02x", to_u8(byte));
    text += digits.data();
  }
  expect_the_key(read_rsa_key(as_bytes(text + "\n"), {}));
}

TEST(RsaKey, ReadsTheIniFileOfXrdp) {
  const auto file = "[keys]\npub_exp=0x01,0x00,0x01,0x00\n" + ini_line("pub_mod=", hex(kModulus)) +
                    "pub_sig=0x00\n" + ini_line("pri_exp=", hex(kExponent));
  expect_the_key(read_rsa_key(as_bytes(file), {}));
}

/// A key that OpenSSL made, in the form that `write` gives it.
template <typename Write>
std::pair<std::string, std::vector<std::byte>> made(Write write) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{EVP_RSA_gen(1024), &EVP_PKEY_free};
  const std::unique_ptr<BIO, int (*)(BIO*)> text{BIO_new(BIO_s_mem()), &BIO_free};
  write(text.get(), key.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &data);
  BIGNUM* modulus = nullptr;
  EVP_PKEY_get_bn_param(key.get(), "n", &modulus);
  std::vector<std::byte> bytes(128);
  BN_bn2bin(modulus, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(modulus);
  return {{data, static_cast<std::size_t>(size)}, bytes};
}

TEST(RsaKey, ReadsPemAndDer) {
  const auto pkcs8 = made([](BIO* to, EVP_PKEY* key) {
    PEM_write_bio_PKCS8PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  const auto pkcs1 = made([](BIO* to, EVP_PKEY* key) {
    PEM_write_bio_PrivateKey_traditional(to, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  const auto der = made([](BIO* to, EVP_PKEY* key) { i2d_PrivateKey_bio(to, key); });
  for (const auto& [file, modulus] : {pkcs8, pkcs1, der}) {
    const auto read = read_rsa_key(as_bytes(file), {});
    ASSERT_TRUE(read.key.has_value()) << read.why;
    EXPECT_EQ(read.key->modulus, modulus);
  }
}

TEST(RsaKey, ReadsEncryptedPemWithItsPassphraseOnly) {
  const auto [file, modulus] = made([](BIO* to, EVP_PKEY* key) {
    PEM_write_bio_PKCS8PrivateKey(to, key, EVP_aes_128_cbc(), "lab", 3, nullptr, nullptr);
  });
  EXPECT_TRUE(read_rsa_key(as_bytes(file), "lab").key.has_value());
  for (const auto* wrong : {"", "lap"}) {
    const auto read = read_rsa_key(as_bytes(file), wrong);
    EXPECT_FALSE(read.key.has_value());
    EXPECT_EQ(read.why, "encrypted: the passphrase is missing or does not fit");
  }
}

TEST(RsaKey, SaysWhatIsWrongWithAFileAndQuotesNothingOfIt) {
  auto blob = rsa2_blob();
  for (std::size_t size = 0; size < blob.size() - 36; ++size) {
    EXPECT_FALSE(read_rsa_key(ByteView{blob}.first(size), {}).key.has_value()) << size;
  }
  for (const auto* text : {"", "pri_exp=", "[keys]\npri_exp=0x\npub_mod=0x01\n", "52534132zz",
                           "-----BEGIN RSA PRIVATE KEY-----\nsecret\n"}) {
    const auto read = read_rsa_key(as_bytes(text), {});
    EXPECT_FALSE(read.key.has_value()) << text;
    EXPECT_FALSE(read.why.empty());
    EXPECT_EQ(read.why.find("secret"), std::string_view::npos);
  }
}

TEST(RsaKey, RefusesWhatIsNoCiphertextOfItsOwn) {
  const auto read = read_rsa_key(rsa2_blob(), {});
  ASSERT_TRUE(read.key.has_value());
  EXPECT_TRUE(open_raw(*read.key, std::vector<std::byte>(64, std::byte{0xff})).empty());
  EXPECT_TRUE(open_raw({}, hex("01")).empty());
}

TEST(KeyRing, FindsAKeyByItsModulus) {
  KeyRing ring;
  EXPECT_FALSE(ring.has_rsa_keys());
  for (const auto* modulus : {"05", "03", "0701"}) {
    EXPECT_TRUE(ring.add_rsa_key({.modulus = hex(modulus), .private_exponent = Secret{hex("01")}}));
  }
  EXPECT_TRUE(ring.add_rsa_key({.modulus = hex("03"), .private_exponent = Secret{hex("02")}}));
  EXPECT_EQ(ring.rsa_key(hex("0003"))->private_exponent.bytes()[0], std::byte{1});
  EXPECT_EQ(ring.rsa_key(hex("0701"))->modulus, hex("0701"));
  EXPECT_EQ(ring.rsa_key(hex("07")), nullptr);
  EXPECT_EQ(ring.rsa_key({}), nullptr);
}

}  // namespace
}  // namespace remora::keys
