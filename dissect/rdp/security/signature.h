#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <openssl/evp.h>

#include "capture/base/bytes.h"
#include "dissect/keys/secret.h"

namespace remora::rdp {

/// Numbers of encrypted PDUs of a side, from 0; both ends belong to it.
struct PduNumbers {
  std::uint64_t low{0};
  std::uint64_t high{0};
};

/// Judges the MAC of PDUs encrypted with RC4, [MS-RDPBCGR] 5.3.6.1. Where OpenSSL refuses its
/// digests, no signature is right; below likewise.
class MacVerifier {
 public:
  explicit MacVerifier(ByteView key);

  /// The signature that counts nothing.
  [[nodiscard]] bool is_right(ByteView plaintext, ByteView signature);
  /// The salted one, 5.3.6.1.1: with which of the numbers it is right.
  [[nodiscard]] std::optional<std::uint64_t> number_of(ByteView plaintext, ByteView signature,
                                                       PduNumbers numbers);

 private:
  [[nodiscard]] bool begin(ByteView plaintext);
  [[nodiscard]] bool ends_in(ByteView signature);

  keys::Secret key_;
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> sha1_;
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> md5_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> data_;  ///< SHA over key, pad and data
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> inner_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> outer_;
};

/// Judges the HMAC of PDUs encrypted with Triple DES, 5.3.6.2, which always counts.
class HmacVerifier {
 public:
  explicit HmacVerifier(ByteView key);

  [[nodiscard]] std::optional<std::uint64_t> number_of(ByteView plaintext, ByteView signature,
                                                       PduNumbers numbers);

 private:
  std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> keyed_;
};

}  // namespace remora::rdp
