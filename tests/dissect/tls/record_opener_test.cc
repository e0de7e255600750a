#include "dissect/tls/record_opener.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/tls/cipher_suites.h"
#include "tests/support/hex.h"

// What OpenSSL's peers of today refuse to seal: records of TLS 1.0 as RFC 2246 6.2.3 lays them out,
// made with Python's hmac, an RC4 of twelve lines and `openssl enc -des-ede3-cbc`.

namespace remora::tls {
namespace {

using remora::testing::hex;

std::vector<std::byte> counted(std::size_t size, std::uint8_t from = 0) {
  std::vector<std::byte> bytes(size);
  std::ranges::generate(bytes, [&] { return std::byte{from++}; });
  return bytes;
}

std::unique_ptr<RecordOpener> opener_for(std::uint16_t suite) {
  const auto protection = find_protection(kTls10, suite);
  if (!protection.has_value()) { return nullptr; }
  return RecordOpener::make({.version = kTls10,
                             .protection = *protection,
                             .encrypt_then_mac = false,
                             .key = keys::Secret{counted(protection->key_bytes)},
                             .iv = keys::Secret{counted(protection->fixed_iv_bytes)},
                             .mac = keys::Secret{counted(protection->mac_bytes, 100)}});
}

std::string open(RecordOpener& opener, std::string_view body) {
  const auto bytes = hex(body);
  const auto opened = opener.open({.type = ContentType::kApplicationData,
                                   .version = kTls10,
                                   .length = static_cast<std::uint16_t>(bytes.size())},
                                  bytes);
  return opened.has_value() ? std::string{as_text(opened->plaintext)} : "not opened";
}

struct Sealed {
  std::uint16_t suite;
  const char* first;
  const char* second;
};
constexpr std::array kSealed{
    Sealed{0x0005, "8ff5328a33c26ba965b4e5a24a9603ebba6ac05bcc27af75d4cd1bbcf14d568d",
           "285f28705e67c26ae43452a9d6a12f7016ee6b81ac78ec93fa2fd32a9c2eb79f38"},
    Sealed{0x0004, "8ff5328a33c26ba965b4e5a2f9ebe040b54a16cc352a640b1b5a0622",
           "8a52806d355e6b6d55608d6ae5b65b8dfe8c38dca1d0fee1bbd102d9fc"},
    Sealed{0x000a,
           "dc813f1160ed5985a2a8a057401887c396c03400a1a116e2dd158b84ccea1ab0b8db0d2ef55d262c",
           "2ba2fe6e203ea9ec4ff9ffcc2a8df4f06c9540dfccd07cb4874dd2d5d79c5834d9baed947307f10c"},
};

TEST(RecordOpener, OpensRc4AndTripleDesOfTls10) {
  for (const auto& sealed : kSealed) {
    const auto opener = opener_for(sealed.suite);
    ASSERT_NE(opener, nullptr) << cipher_name(sealed.suite);
    EXPECT_EQ(open(*opener, sealed.first), "first record") << cipher_name(sealed.suite);
    EXPECT_EQ(open(*opener, sealed.second), "second record") << cipher_name(sealed.suite);
    EXPECT_FALSE(opener->survives_loss());
  }
}

TEST(RecordOpener, OpensNothingThatWasChanged) {
  for (const auto& sealed : kSealed) {
    for (std::size_t at = 0; at < std::string_view{sealed.first}.size(); ++at) {
      std::string changed = sealed.first;
      changed[at] = changed[at] == '0' ? '1' : '0';
      EXPECT_EQ(open(*opener_for(sealed.suite), changed), "not opened") << at;
    }
    EXPECT_EQ(open(*opener_for(sealed.suite), sealed.second), "not opened");
  }
}

TEST(RecordOpener, SurvivesRecordsTooShortForAnything) {
  for (const auto& sealed : kSealed) {
    for (std::size_t size = 0; size + 2 < std::string_view{sealed.first}.size(); size += 2) {
      EXPECT_EQ(open(*opener_for(sealed.suite), std::string_view{sealed.first}.substr(0, size)),
                "not opened");
    }
  }
}

TEST(RecordOpener, RefusesKeysOfAnotherSize) {
  const auto protection = find_protection(kTls12, 0x009c);  // TLS_RSA_WITH_AES_128_GCM_SHA256
  ASSERT_TRUE(protection.has_value());
  EXPECT_EQ(RecordOpener::make({.version = kTls12,
                                .protection = *protection,
                                .encrypt_then_mac = false,
                                .key = keys::Secret{counted(15)},
                                .iv = keys::Secret{counted(4)},
                                .mac = {}}),
            nullptr);
}

}  // namespace
}  // namespace remora::tls
