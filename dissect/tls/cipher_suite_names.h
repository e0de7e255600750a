#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace remora::tls {

struct CipherSuiteName {
  std::uint16_t suite;
  std::string_view name;
};

/// The IANA registry "TLS Cipher Suites", sorted by number.
[[nodiscard]] std::span<const CipherSuiteName> cipher_suite_names();

}  // namespace remora::tls
