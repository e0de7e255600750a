#include "dissect/pnrp/easy_connect.h"

#include <algorithm>
#include <array>
#include <memory>

#include <openssl/evp.h>

#include "dissect/encoding/digest.h"

namespace remora::pnrp {
namespace {

constexpr std::size_t kClassifierDigits = 32;
constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kBlockBytes = 16;
/// LIMIT: Payload Length of [MS-PNRP] 2.2.3.3.
constexpr std::size_t kMaxPayloadBytes = 4096;

/// CryptDeriveKey for AES-128: SHA-1 over the digest, padded to its block and changed by 36h
/// (protocols-ra.md 1.4 and 6.1).
std::array<std::byte, kKeyBytes> derive_key(std::string_view classifier) {
  std::vector<std::byte> characters;
  for (const char c : classifier) {
    characters.push_back(static_cast<std::byte>(c));
    characters.push_back(std::byte{0});
  }
  const auto digest = encoding::sha1(characters);
  std::array<std::byte, 64> block{};
  std::ranges::copy(digest, block.begin());
  for (auto& byte : block) { byte ^= std::byte{0x36}; }
  const auto derived = encoding::sha1(block);
  std::array<std::byte, kKeyBytes> key{};
  std::copy_n(derived.begin(), key.size(), key.begin());
  return key;
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* octets(ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

bool is_easy_connect(std::string_view classifier) {
  return classifier.size() == kClassifierDigits && std::ranges::all_of(classifier, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
         });
}

bool is_contact(std::string_view classifier) {
  return classifier.ends_with("RAContact");
}

std::optional<std::vector<std::byte>> open_payload(std::string_view classifier, ByteView payload) {
  if (payload.empty() || payload.size() % kBlockBytes != 0 || payload.size() > kMaxPayloadBytes) {
    return std::nullopt;
  }
  const CipherContext cipher{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  const auto key = derive_key(classifier);
  constexpr std::array<unsigned char, kBlockBytes> kZeroVector{};
  if (cipher == nullptr || EVP_DecryptInit_ex(cipher.get(), EVP_aes_128_cbc(), nullptr, octets(key),
                                              kZeroVector.data()) != 1) {
    return std::nullopt;
  }
  std::vector<std::byte> opened(payload.size() + kBlockBytes);
  auto* out = reinterpret_cast<unsigned char*>(opened.data());
  int first = 0;
  int last = 0;
  if (EVP_DecryptUpdate(cipher.get(), out, &first, octets(payload),
                        static_cast<int>(payload.size())) != 1 ||
      EVP_DecryptFinal_ex(cipher.get(), out + first, &last) != 1) {
    return std::nullopt;
  }
  opened.resize(static_cast<std::size_t>(first + last));
  return opened;
}

}  // namespace remora::pnrp
