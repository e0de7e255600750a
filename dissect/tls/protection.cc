#include "dissect/tls/protection.h"

#include <array>
#include <string_view>

#include "dissect/tls/cipher_suites.h"

namespace remora::tls {
namespace {

struct Cipher {
  std::string_view part;  ///< of the suite's IANA name
  Protection::Mode mode;
  const char* openssl;
  std::size_t key_bytes;
  std::size_t block_bytes;  ///< CBC: that is also the IV's size
  std::size_t tag_bytes;
};

using Mode = Protection::Mode;
// "_CCM_8" stands before "_CCM", which it contains.
constexpr std::array<Cipher, 14> kCiphers{{
    {"AES_128_GCM", Mode::kGcm, "AES-128-GCM", 16, 0, 16},
    {"AES_256_GCM", Mode::kGcm, "AES-256-GCM", 32, 0, 16},
    {"CHACHA20_POLY1305", Mode::kChaCha, "ChaCha20-Poly1305", 32, 0, 16},
    {"AES_128_CCM_8", Mode::kCcm, "AES-128-CCM", 16, 0, 8},
    {"AES_256_CCM_8", Mode::kCcm, "AES-256-CCM", 32, 0, 8},
    {"AES_128_CCM", Mode::kCcm, "AES-128-CCM", 16, 0, 16},
    {"AES_256_CCM", Mode::kCcm, "AES-256-CCM", 32, 0, 16},
    {"AES_128_CBC", Mode::kCbc, "AES-128-CBC", 16, 16, 0},
    {"AES_256_CBC", Mode::kCbc, "AES-256-CBC", 32, 16, 0},
    {"CAMELLIA_128_CBC", Mode::kCbc, "CAMELLIA-128-CBC", 16, 16, 0},
    {"CAMELLIA_256_CBC", Mode::kCbc, "CAMELLIA-256-CBC", 32, 16, 0},
    {"3DES_EDE_CBC", Mode::kCbc, "DES-EDE3-CBC", 24, 8, 0},
    {"RC4_128_SHA", Mode::kStream, "RC4", 16, 0, 0},
    {"RC4_128_MD5", Mode::kStream, "RC4", 16, 0, 0},
}};

void set_mac(std::string_view name, Protection& found) {
  if (name.ends_with("_SHA384")) {
    found.mac = "SHA384";
    found.mac_bytes = 48;
  } else if (name.ends_with("_SHA256")) {
    found.mac = "SHA256";
    found.mac_bytes = 32;
  } else if (name.ends_with("_MD5")) {
    found.mac = "MD5";
    found.mac_bytes = 16;
  } else {
    found.mac = "SHA1";
    found.mac_bytes = 20;
  }
}

}  // namespace

std::optional<Protection> find_protection(std::uint16_t version, std::uint16_t suite) {
  const auto name = find_cipher_name(suite);
  for (const auto& cipher : kCiphers) {
    if (name.find(cipher.part) == std::string_view::npos) { continue; }
    Protection found{.mode = cipher.mode, .cipher = cipher.openssl, .key_bytes = cipher.key_bytes};
    found.rsa_key_exchange = name.starts_with("TLS_RSA_WITH_");
    if (name.ends_with("_SHA384")) {
      found.hash = "SHA384";
      found.hash_bytes = 48;
    }
    if (cipher.tag_bytes > 0) {
      found.mac_bytes = cipher.tag_bytes;
      // RFC 5288 3, RFC 6655 3; RFC 7905 2, RFC 8446 5.3.
      const bool whole = cipher.mode == Mode::kChaCha || version >= kTls13;
      found.fixed_iv_bytes = whole ? 12 : 4;
    } else {
      set_mac(name, found);
      found.fixed_iv_bytes = version >= kTls11 ? 0 : cipher.block_bytes;  // RFC 4346 6.3
    }
    return found;
  }
  return {};
}

}  // namespace remora::tls
