#include "dissect/rdp/security/session_keys.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string_view>

#include <openssl/evp.h>

#include "dissect/encoding/openssl.h"
#include "dissect/keys/rc4.h"

namespace remora::rdp {
namespace {

using encoding::raw;

constexpr std::size_t kRandomBytes = 32;

/// Key material on its way.
template <std::size_t Size>
struct Wiped {
  std::array<std::byte, Size> bytes{};

  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  Wiped(Wiped&&) = delete;
  Wiped& operator=(Wiped&&) = delete;
  ~Wiped() { keys::wipe(bytes); }

  [[nodiscard]] ByteView view() const { return bytes; }
};

/// False where OpenSSL refuses, as it does for MD5 in some configurations.
[[nodiscard]] bool digest(const EVP_MD* algorithm, std::initializer_list<ByteView> parts,
                          std::span<std::byte> result) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free};
  if (context == nullptr || EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1) {
    return false;
  }
  for (const auto part : parts) {
    if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1) { return false; }
  }
  return EVP_DigestFinal_ex(context.get(), raw(result), nullptr) == 1;
}

struct Randoms {
  ByteView client;
  ByteView server;
};

/// SaltedHash of 5.3.5.1, for three salts, one behind the other.
[[nodiscard]] bool salted_hashes(ByteView secret, std::array<std::string_view, 3> salts,
                                 const Randoms& randoms, std::span<std::byte, 48> result) {
  for (std::size_t i = 0; i < salts.size(); ++i) {
    Wiped<20> inner;
    if (!digest(EVP_sha1(), {as_bytes(salts.at(i)), secret, randoms.client, randoms.server},
                inner.bytes) ||
        !digest(EVP_md5(), {secret, inner.view()}, result.subspan(16 * i, 16))) {
      return false;
    }
  }
  return true;
}

/// Table 1 of 5.3.5.1: the bytes that are known where export rules wanted a weaker key.
ByteView salt_of(EncryptionMethod method) {
  static constexpr std::array kSalt{std::byte{0xd1}, std::byte{0x26}, std::byte{0x9e}};
  if (method == EncryptionMethod::k40Bit) { return kSalt; }
  if (method == EncryptionMethod::k56Bit) { return ByteView{kSalt}.first(1); }
  return {};
}

/// Of a key of 128 bits what the method uses of it.
keys::Secret reduced(EncryptionMethod method, ByteView key) {
  const auto salt = salt_of(method);
  if (salt.empty()) { return keys::Secret{key}; }
  Wiped<8> weak;
  std::ranges::copy(key.first(8), weak.bytes.begin());
  std::ranges::copy(salt, weak.bytes.begin());
  return keys::Secret{weak.view()};
}

std::optional<SessionKeys> derive_rc4(EncryptionMethod method, const Randoms& randoms) {
  Wiped<48> pre_master;
  std::ranges::copy(randoms.client.first(24), pre_master.bytes.begin());
  std::ranges::copy(randoms.server.first(24), pre_master.bytes.begin() + 24);
  Wiped<48> master;
  Wiped<48> blob;
  Wiped<16> to_server;
  Wiped<16> to_client;
  const auto final_hash = [&](std::size_t at, std::span<std::byte> key) {
    return digest(EVP_md5(), {blob.view().subspan(at, 16), randoms.client, randoms.server}, key);
  };
  if (!salted_hashes(pre_master.view(), {"A", "BB", "CCC"}, randoms, master.bytes) ||
      !salted_hashes(master.view(), {"X", "YY", "ZZZ"}, randoms, blob.bytes) ||
      !final_hash(32, to_server.bytes) || !final_hash(16, to_client.bytes)) {
    return {};
  }
  return SessionKeys{.method = method,
                     .mac = reduced(method, blob.view().first(16)),
                     .client_to_server = reduced(method, to_server.view()),
                     .server_to_client = reduced(method, to_client.view())};
}

std::uint8_t reversed(std::uint8_t byte) {
  std::uint8_t result = 0;
  for (int bit = 0; bit < 8; ++bit) {
    result = static_cast<std::uint8_t>((result << 1U) | ((byte >> bit) & 1U));
  }
  return result;
}

/// 5.3.5.2: 160 bits become 168, then 192 with a bit of parity in every byte. The bits of a byte
/// count from its lowest.
keys::Secret expanded(ByteView key) {
  Wiped<24> wide;
  for (std::size_t bit = 0; bit < 168; ++bit) {
    const auto from = to_u8(key[bit / 8 % key.size()]);
    const auto value = static_cast<unsigned>((from >> (bit % 8)) & 1U);
    wide.bytes.at(bit / 7) |= static_cast<std::byte>(value << (7 - bit % 7));
  }
  for (auto& byte : wide.bytes) {
    const auto seven = static_cast<std::uint8_t>(reversed(to_u8(byte)) & 0xfeU);
    byte = static_cast<std::byte>(seven | (std::popcount(seven) % 2 == 0 ? 1U : 0U));
  }
  return keys::Secret{wide.view()};
}

std::optional<SessionKeys> derive_fips(const Randoms& randoms) {
  Wiped<20> to_server;
  Wiped<20> to_client;
  Wiped<20> mac;
  if (!digest(EVP_sha1(), {randoms.client.last(16), randoms.server.last(16)}, to_server.bytes) ||
      !digest(EVP_sha1(), {randoms.client.first(16), randoms.server.first(16)}, to_client.bytes) ||
      !digest(EVP_sha1(), {to_client.view(), to_server.view()}, mac.bytes)) {
    return {};
  }
  return SessionKeys{.method = EncryptionMethod::kFips,
                     .mac = keys::Secret{mac.view()},
                     .client_to_server = expanded(to_server.view()),
                     .server_to_client = expanded(to_client.view())};
}

}  // namespace

std::optional<SessionKeys> derive_session_keys(EncryptionMethod method, ByteView client_random,
                                               ByteView server_random) {
  if (client_random.size() != kRandomBytes || server_random.size() != kRandomBytes) { return {}; }
  const Randoms randoms{.client = client_random, .server = server_random};
  switch (method) {
    case EncryptionMethod::k40Bit:
    case EncryptionMethod::k56Bit:
    case EncryptionMethod::k128Bit:
      return derive_rc4(method, randoms);
    case EncryptionMethod::kFips:
      return derive_fips(randoms);
    case EncryptionMethod::kNone:
      break;
  }
  return {};
}

keys::Secret updated_key(EncryptionMethod method, ByteView initial, ByteView current) {
  std::array<std::byte, 40> pad1{};
  pad1.fill(std::byte{0x36});
  std::array<std::byte, 48> pad2{};
  pad2.fill(std::byte{0x5c});
  Wiped<20> inner;
  Wiped<16> temporary;
  if (!digest(EVP_sha1(), {initial, pad1, current}, inner.bytes) ||
      !digest(EVP_md5(), {initial, pad2, inner.view()}, temporary.bytes)) {
    return {};
  }
  const auto key = temporary.view().first(std::min<std::size_t>(initial.size(), 16));
  Wiped<16> sealed;
  keys::Rc4{key}.apply(key, std::span{sealed.bytes}.first(key.size()));
  return reduced(method, sealed.view().first(key.size()));
}

}  // namespace remora::rdp
