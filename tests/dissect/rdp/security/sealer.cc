#include "tests/dissect/rdp/security/sealer.h"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "dissect/encoding/digest.h"
#include "tests/support/hex.h"

namespace remora::testing {
namespace {

using Bytes = Sealer::Bytes;

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) { all.insert(all.end(), part.begin(), part.end()); }
  return all;
}

Bytes u32le(std::uint64_t number) {
  Bytes bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<std::byte>((number >> shift) & 0xffU));
  }
  return bytes;
}

Bytes sha1(const Bytes& bytes) {
  const auto digest = encoding::sha1(bytes);
  return {digest.begin(), digest.end()};
}

Bytes md5(const Bytes& bytes) {
  const auto digest = encoding::md5(bytes).value();
  return {digest.begin(), digest.end()};
}

const unsigned char* raw(const Bytes& bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

Sealer::Sealer(Method method, Bytes key, Bytes mac_key)
    : method_{method},
      initial_key_{key},
      key_{std::move(key)},
      mac_key_{std::move(mac_key)},
      chain_{hex("1234567890abcdef")} {
  init_rc4();
}

void Sealer::init_rc4() {
  for (std::size_t n = 0; n < 256; ++n) { state_.at(n) = static_cast<std::uint8_t>(n); }
  std::uint8_t j = 0;
  for (std::size_t n = 0; n < 256; ++n) {
    j = static_cast<std::uint8_t>(j + state_.at(n) + to_u8(key_[n % key_.size()]));
    std::swap(state_.at(n), state_.at(j));
  }
  i_ = 0;
  j_ = 0;
}

std::byte Sealer::next_key_byte() {
  i_ = static_cast<std::uint8_t>(i_ + 1);
  j_ = static_cast<std::uint8_t>(j_ + state_.at(i_));
  std::swap(state_.at(i_), state_.at(j_));
  return static_cast<std::byte>(
      state_.at(static_cast<std::uint8_t>(state_.at(i_) + state_.at(j_))));
}

void Sealer::update() {
  const auto inner = sha1(joined({initial_key_, Bytes(40, std::byte{0x36}), key_}));
  auto temporary = md5(joined({initial_key_, Bytes(48, std::byte{0x5c}), inner}));
  temporary.resize(initial_key_.size());
  key_ = temporary;
  init_rc4();
  for (auto& byte : key_) { byte ^= next_key_byte(); }
  const auto salt = hex(method_ == Method::k40Bit ? "d1269e" : "d1");
  if (method_ != Method::k128Bit) { std::ranges::copy(salt, key_.begin()); }
  init_rc4();
}

Sealer::Sealed Sealer::seal(ByteView plaintext, bool salted) {
  const Bytes data{plaintext.begin(), plaintext.end()};
  Sealed sealed;
  if (method_ == Method::kFips) {
    const auto counted = joined({data, u32le(count_)});
    sealed.signature.resize(20);
    unsigned size = 0;
    HMAC(EVP_sha1(), mac_key_.data(), static_cast<int>(mac_key_.size()), raw(counted),
         counted.size(), reinterpret_cast<unsigned char*>(sealed.signature.data()), &size);
    auto padded = data;
    sealed.padding = static_cast<std::uint8_t>((8 - padded.size() % 8) % 8);
    padded.resize(padded.size() + sealed.padding);
    sealed.data.resize(padded.size());
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher{
        EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
    EVP_EncryptInit_ex(cipher.get(), EVP_des_ede3_cbc(), nullptr, raw(key_), raw(chain_));
    EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
    int written = 0;
    EVP_EncryptUpdate(cipher.get(), reinterpret_cast<unsigned char*>(sealed.data.data()), &written,
                      raw(padded), static_cast<int>(padded.size()));
    chain_.assign(sealed.data.end() - 8, sealed.data.end());
  } else {
    if (count_ > 0 && count_ % 4096 == 0) { update(); }
    const auto inner = sha1(joined({mac_key_, Bytes(40, std::byte{0x36}), u32le(data.size()), data,
                                    salted ? u32le(count_) : Bytes{}}));
    sealed.signature = md5(joined({mac_key_, Bytes(48, std::byte{0x5c}), inner}));
    sealed.data = data;
    for (auto& byte : sealed.data) { byte ^= next_key_byte(); }
  }
  sealed.signature.resize(8);
  ++count_;
  return sealed;
}

}  // namespace remora::testing
