#include "dissect/rdp/security/signature.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <openssl/core_names.h>
#include <openssl/params.h>

namespace remora::rdp {
namespace {

/// What of a digest is sent.
constexpr std::size_t kSignatureBytes = 8;

template <std::size_t Size>
constexpr std::array<unsigned char, Size> filled(unsigned char value) {
  std::array<unsigned char, Size> bytes{};
  bytes.fill(value);
  return bytes;
}

constexpr auto kPad1 = filled<40>(0x36);
constexpr auto kPad2 = filled<48>(0x5c);

std::array<unsigned char, 4> u32le(std::uint64_t number) {
  std::array<unsigned char, 4> bytes{};
  for (auto& byte : bytes) {
    byte = static_cast<unsigned char>(number & 0xffU);
    number >>= 8U;
  }
  return bytes;
}

bool begins_with(std::span<const unsigned char> digest, ByteView signature) {
  return signature.size() == kSignatureBytes &&
         std::ranges::equal(std::as_bytes(digest.first(kSignatureBytes)), signature);
}

}  // namespace

MacVerifier::MacVerifier(ByteView key)
    : key_{key},
      sha1_{EVP_MD_fetch(nullptr, "SHA1", nullptr), EVP_MD_free},
      md5_{EVP_MD_fetch(nullptr, "MD5", nullptr), EVP_MD_free},
      data_{EVP_MD_CTX_new(), EVP_MD_CTX_free},
      inner_{EVP_MD_CTX_new(), EVP_MD_CTX_free},
      outer_{EVP_MD_CTX_new(), EVP_MD_CTX_free} {}

/// SHA(MACKey + Pad1 + DataLength + Data), to be finished.
bool MacVerifier::begin(ByteView plaintext) {
  const auto length = u32le(plaintext.size());
  auto* context = data_.get();
  return context != nullptr && sha1_ != nullptr &&
         EVP_DigestInit_ex2(context, sha1_.get(), nullptr) == 1 &&
         EVP_DigestUpdate(context, key_.bytes().data(), key_.bytes().size()) == 1 &&
         EVP_DigestUpdate(context, kPad1.data(), kPad1.size()) == 1 &&
         EVP_DigestUpdate(context, length.data(), length.size()) == 1 &&
         EVP_DigestUpdate(context, plaintext.data(), plaintext.size()) == 1;
}

/// Finishes what `inner_` holds.
bool MacVerifier::ends_in(ByteView signature) {
  std::array<unsigned char, 20> sha{};
  std::array<unsigned char, 16> md5{};
  auto* context = outer_.get();
  return inner_ != nullptr && context != nullptr && md5_ != nullptr &&
         EVP_DigestFinal_ex(inner_.get(), sha.data(), nullptr) == 1 &&
         EVP_DigestInit_ex2(context, md5_.get(), nullptr) == 1 &&
         EVP_DigestUpdate(context, key_.bytes().data(), key_.bytes().size()) == 1 &&
         EVP_DigestUpdate(context, kPad2.data(), kPad2.size()) == 1 &&
         EVP_DigestUpdate(context, sha.data(), sha.size()) == 1 &&
         EVP_DigestFinal_ex(context, md5.data(), nullptr) == 1 && begins_with(md5, signature);
}

bool MacVerifier::is_right(ByteView plaintext, ByteView signature) {
  if (!begin(plaintext)) { return false; }
  std::swap(data_, inner_);
  return ends_in(signature);
}

std::optional<std::uint64_t> MacVerifier::number_of(ByteView plaintext, ByteView signature,
                                                    PduNumbers numbers) {
  if (!begin(plaintext) || inner_ == nullptr) { return {}; }
  for (auto number = numbers.low; number <= numbers.high; ++number) {
    const auto count = u32le(number);
    if (EVP_MD_CTX_copy_ex(inner_.get(), data_.get()) != 1 ||
        EVP_DigestUpdate(inner_.get(), count.data(), count.size()) != 1) {
      return {};
    }
    if (ends_in(signature)) { return number; }
  }
  return {};
}

HmacVerifier::HmacVerifier(ByteView key) : keyed_{nullptr, EVP_MAC_CTX_free} {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> hmac{
      EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free};
  if (hmac == nullptr) { return; }
  keyed_.reset(EVP_MAC_CTX_new(hmac.get()));
  std::array name{'S', 'H', 'A', '1', '\0'};
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
      OSSL_PARAM_construct_end()};
  if (keyed_ != nullptr &&
      EVP_MAC_init(keyed_.get(), reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                   parameters.data()) != 1) {
    keyed_.reset();
  }
}

std::optional<std::uint64_t> HmacVerifier::number_of(ByteView plaintext, ByteView signature,
                                                     PduNumbers numbers) {
  using Context = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;
  if (keyed_ == nullptr) { return {}; }
  const Context data{EVP_MAC_CTX_dup(keyed_.get()), EVP_MAC_CTX_free};
  if (data == nullptr ||
      EVP_MAC_update(data.get(), reinterpret_cast<const unsigned char*>(plaintext.data()),
                     plaintext.size()) != 1) {
    return {};
  }
  for (auto number = numbers.low; number <= numbers.high; ++number) {
    const Context counted{EVP_MAC_CTX_dup(data.get()), EVP_MAC_CTX_free};
    const auto count = u32le(number);
    std::array<unsigned char, 20> digest{};
    std::size_t size = 0;
    if (counted == nullptr || EVP_MAC_update(counted.get(), count.data(), count.size()) != 1) {
      return {};
    }
    if (EVP_MAC_final(counted.get(), digest.data(), &size, digest.size()) == 1 &&
        begins_with(digest, signature)) {
      return number;
    }
  }
  return {};
}

}  // namespace remora::rdp
