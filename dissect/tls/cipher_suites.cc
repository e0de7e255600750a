#include "dissect/tls/cipher_suites.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "dissect/tls/cipher_suite_names.h"
#include "dissect/tls/version.h"

namespace remora::tls {
namespace {

bool has(std::string_view name, std::string_view part) {
  return name.find(part) != std::string_view::npos;
}

std::uint32_t mac_bytes(std::string_view name) {
  if (name.ends_with("_MD5")) { return 16; }
  if (name.ends_with("_SHA256")) { return 32; }
  if (name.ends_with("_SHA384")) { return 48; }
  return 20;
}

PlaintextLength less(std::uint32_t length, std::uint32_t overhead, bool exact) {
  return {.bytes = length > overhead ? length - overhead : 0, .exact = exact};
}

}  // namespace

std::string_view find_cipher_name(std::uint16_t suite) {
  const auto names = cipher_suite_names();
  const auto place = std::ranges::lower_bound(names, suite, {}, &CipherSuiteName::suite);
  return place == names.end() || place->suite != suite ? std::string_view{} : place->name;
}

std::string cipher_name(std::uint16_t suite) {
  const auto name = find_cipher_name(suite);
  if (!name.empty()) { return std::string{name}; }
  std::array<char, 8> text{};
  (void)std::snprintf(text.data(), text.size(), "0x%04x", static_cast<unsigned>(suite));
  return text.data();
}

PlaintextLength plaintext_length(std::uint16_t version, std::uint16_t suite, std::uint32_t length) {
  if (version >= kTls13) { return less(length, 17, true); }  // tag and content type, RFC 8446 5.2
  const auto name = find_cipher_name(suite);
  if (has(name, "_CCM_8")) { return less(length, 16, true); }
  // Explicit nonce and tag, RFC 5288 3 and RFC 6655 3.
  if (has(name, "_GCM_") || has(name, "_CCM")) { return less(length, 24, true); }
  if (has(name, "_CHACHA20_")) { return less(length, 16, true); }  // RFC 7905 2
  if (has(name, "_RC4_") || has(name, "_NULL_")) { return less(length, mac_bytes(name), true); }
  // CBC, RFC 5246 6.2.3.2: MAC, at least one byte of padding, and since TLS 1.1 an explicit IV.
  const std::uint32_t block = has(name, "DES") ? 8 : 16;
  const std::uint32_t explicit_iv = version >= kTls11 ? block : 0;
  return less(length, mac_bytes(name) + 1 + explicit_iv, false);
}

}  // namespace remora::tls
