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
void MacVerifier::begin(ByteView plaintext) {
  const auto length = u32le(plaintext.size());
  EVP_DigestInit_ex2(data_.get(), sha1_.get(), nullptr);
  EVP_DigestUpdate(data_.get(), key_.bytes().data(), key_.bytes().size());
  EVP_DigestUpdate(data_.get(), kPad1.data(), kPad1.size());
  EVP_DigestUpdate(data_.get(), length.data(), length.size());
  EVP_DigestUpdate(data_.get(), plaintext.data(), plaintext.size());
}

/// Finishes what `inner_` holds.
bool MacVerifier::ends_in(ByteView signature) {
  std::array<unsigned char, 20> sha{};
  std::array<unsigned char, 16> md5{};
  EVP_DigestFinal_ex(inner_.get(), sha.data(), nullptr);
  EVP_DigestInit_ex2(outer_.get(), md5_.get(), nullptr);
  EVP_DigestUpdate(outer_.get(), key_.bytes().data(), key_.bytes().size());
  EVP_DigestUpdate(outer_.get(), kPad2.data(), kPad2.size());
  EVP_DigestUpdate(outer_.get(), sha.data(), sha.size());
  return EVP_DigestFinal_ex(outer_.get(), md5.data(), nullptr) == 1 && begins_with(md5, signature);
}

bool MacVerifier::is_right(ByteView plaintext, ByteView signature) {
  begin(plaintext);
  std::swap(data_, inner_);
  return ends_in(signature);
}

std::optional<std::uint64_t> MacVerifier::number_of(ByteView plaintext, ByteView signature,
                                                    PduNumbers numbers) {
  begin(plaintext);
  for (auto number = numbers.low; number <= numbers.high; ++number) {
    const auto count = u32le(number);
    EVP_MD_CTX_copy_ex(inner_.get(), data_.get());
    EVP_DigestUpdate(inner_.get(), count.data(), count.size());
    if (ends_in(signature)) { return number; }
  }
  return {};
}

HmacVerifier::HmacVerifier(ByteView key) : keyed_{nullptr, EVP_MAC_CTX_free} {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> hmac{
      EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free};
  keyed_.reset(EVP_MAC_CTX_new(hmac.get()));
  std::array name{'S', 'H', 'A', '1', '\0'};
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
      OSSL_PARAM_construct_end()};
  EVP_MAC_init(keyed_.get(), reinterpret_cast<const unsigned char*>(key.data()), key.size(),
               parameters.data());
}

std::optional<std::uint64_t> HmacVerifier::number_of(ByteView plaintext, ByteView signature,
                                                     PduNumbers numbers) {
  using Context = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;
  const Context data{EVP_MAC_CTX_dup(keyed_.get()), EVP_MAC_CTX_free};
  EVP_MAC_update(data.get(), reinterpret_cast<const unsigned char*>(plaintext.data()),
                 plaintext.size());
  for (auto number = numbers.low; number <= numbers.high; ++number) {
    const Context counted{EVP_MAC_CTX_dup(data.get()), EVP_MAC_CTX_free};
    const auto count = u32le(number);
    std::array<unsigned char, 20> digest{};
    std::size_t size = 0;
    EVP_MAC_update(counted.get(), count.data(), count.size());
    if (EVP_MAC_final(counted.get(), digest.data(), &size, digest.size()) == 1 &&
        begins_with(digest, signature)) {
      return number;
    }
  }
  return {};
}

}  // namespace remora::rdp
