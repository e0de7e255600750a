#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "dissect/tls/version.h"

namespace remora::tls {

/// Of every authenticating cipher, RFC 5116 3.1.
inline constexpr std::size_t kNonceBytes = 12;

/// How a cipher suite protects records, RFC 5246 6.2.3 and RFC 8446 5.2, and derives its keys.
struct Protection {
  enum class Mode : std::uint8_t { kStream, kCbc, kGcm, kCcm, kChaCha };
  Mode mode{};
  const char* cipher{""};      ///< OpenSSL's name, as the next two; literals
  const char* mac{nullptr};    ///< digest of the HMAC; null where the cipher authenticates
  const char* hash{"SHA256"};  ///< of the key derivation from TLS 1.2 on
  std::size_t key_bytes{0};
  std::size_t fixed_iv_bytes{0};  ///< from the key block, TLS 1.2 and before
  std::size_t mac_bytes{0};       ///< HMAC or authentication tag
  std::size_t hash_bytes{32};     ///< of `hash`
  bool rsa_key_exchange{false};   ///< TLS_RSA_*: the server's key opens the premaster secret

  [[nodiscard]] bool is_aead() const { return mac == nullptr; }
};

/// Absent for what is not read: NULL, export and anonymous ciphers, ARIA, SEED and the like.
[[nodiscard]] std::optional<Protection> find_protection(std::uint16_t version, std::uint16_t suite);

}  // namespace remora::tls
