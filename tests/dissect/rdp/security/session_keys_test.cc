#include "dissect/rdp/security/session_keys.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/encoding/text.h"
#include "tests/support/hex.h"

// The vectors of protocols-rdp.md section 10.
namespace remora::rdp {
namespace {

std::string text_of(const keys::Secret& secret) {
  return encoding::to_hex(secret.bytes());
}

std::vector<std::byte> random(std::uint8_t first) {
  std::vector<std::byte> bytes;
  for (unsigned i = 0; i < 32; ++i) { bytes.push_back(static_cast<std::byte>(first + i)); }
  return bytes;
}

struct Vector {
  EncryptionMethod method;
  std::string_view mac;
  std::string_view server_to_client;
  std::string_view client_to_server;
};

TEST(SessionKeys, AreThoseOfTheVectors) {
  const std::vector<Vector> vectors{
      {EncryptionMethod::k128Bit, "815370c6e31347c463ed25f1af48bbdf",
       "1cb207f61b7cd10dca9ec78871d0a142", "702783c08474414a33a259c6faed480c"},
      {EncryptionMethod::k56Bit, "d15370c6e31347c4", "d1b207f61b7cd10d", "d12783c08474414a"},
      {EncryptionMethod::k40Bit, "d1269ec6e31347c4", "d1269ef61b7cd10d", "d1269ec08474414a"},
      {EncryptionMethod::kFips, "bb45ea4383cd332a1f15df0981a4aaec95dc14eb",
       "4f75384f4f520b2561513261256e79490b61130b2a076e26",
       "6708701a086d106b2a767f20017343203b16641a0d490132"}};
  for (const auto& vector : vectors) {
    const auto keys = derive_session_keys(vector.method, random(0x00), random(0x20));
    ASSERT_TRUE(keys.has_value());
    EXPECT_EQ(text_of(keys->mac), vector.mac);
    EXPECT_EQ(text_of(keys->server_to_client), vector.server_to_client);
    EXPECT_EQ(text_of(keys->client_to_server), vector.client_to_server);
  }
}

TEST(SessionKeys, AreUpdated) {
  struct Updates {
    EncryptionMethod method;
    std::string_view first;
    std::string_view second;
  };
  const std::vector<Updates> vectors{
      {EncryptionMethod::k128Bit, "69d6cd7791712b7442a720f2d41b3e24",
       "502cdfffecfca27d760c5598654b0032"},
      {EncryptionMethod::k56Bit, "d119e6d609273140", "d146599afec81499"},
      {EncryptionMethod::k40Bit, "d1269e3467fb506e", "d1269e1f4972d543"}};
  for (const auto& vector : vectors) {
    const auto keys = derive_session_keys(vector.method, random(0x00), random(0x20));
    ASSERT_TRUE(keys.has_value());
    const auto initial = keys->client_to_server.bytes();
    const auto first = updated_key(vector.method, initial, initial);
    EXPECT_EQ(text_of(first), vector.first);
    EXPECT_EQ(text_of(updated_key(vector.method, initial, first.bytes())), vector.second);
  }
}

TEST(SessionKeys, NeedBothRandomsAndAMethod) {
  const auto whole = random(0);
  EXPECT_FALSE(derive_session_keys(EncryptionMethod::kNone, whole, whole).has_value());
  EXPECT_FALSE(derive_session_keys(EncryptionMethod{3}, whole, whole).has_value());
  EXPECT_FALSE(
      derive_session_keys(EncryptionMethod::k128Bit, ByteView{whole}.first(31), whole).has_value());
  EXPECT_FALSE(derive_session_keys(EncryptionMethod::kFips, whole, {}).has_value());
}

}  // namespace
}  // namespace remora::rdp
