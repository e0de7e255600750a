#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/keys/secret.h"

namespace remora::keys {

/// A server's RSA private key, of any size: Windows XP has 512 bits, which OpenSSL's own key type
/// refuses. All numbers are big-endian and without leading zeros.
struct RsaKey {
  std::vector<std::byte> modulus;
  Secret private_exponent;

  /// LIMIT: bytes of a modulus, 16,384 bits.
  static constexpr std::size_t kMaxModulusBytes = 2048;
};

/// `ciphertext` to the private exponent, modulo the modulus, big-endian with as many bytes as the
/// modulus has; no padding is taken off. Empty when the numbers do not fit together.
[[nodiscard]] Secret open_raw(const RsaKey& key, ByteView ciphertext);

/// The key in a file's content: PEM or DER of PKCS #1 or PKCS #8, also encrypted with
/// `passphrase`; the blob "RSA2" of the Windows LSA secret L$HYDRAENCKEY, raw or as hex text
/// (protocols-rdp.md 3.9); xrdp's rsakeys.ini. Absent where it is none of these, `why` says which
/// was tried; it never quotes the file.
struct ReadKey {
  std::optional<RsaKey> key;
  std::string_view why;  ///< a literal
};
[[nodiscard]] ReadKey read_rsa_key(ByteView file, std::string_view passphrase);

}  // namespace remora::keys
