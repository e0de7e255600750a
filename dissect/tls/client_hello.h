#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/cursor.h"
#include "dissect/tls/random.h"

namespace remora::tls {

/// ClientHello, RFC 8446 4.1.2 and RFC 5246 7.4.1.2, with what fingerprints and names need. Lists
/// are in wire order, GREASE values (RFC 8701) included.
struct ClientHello {
  std::uint16_t legacy_version{0};
  Random random{};
  std::vector<std::uint16_t> cipher_suites{};
  std::vector<std::uint16_t> extensions{};          ///< types
  std::optional<std::string> server_name{};         ///< RFC 6066 3, UTF-8
  std::vector<std::uint16_t> supported_groups{};    ///< RFC 8446 4.2.7
  std::vector<std::uint8_t> ec_point_formats{};     ///< RFC 8422 5.1.2
  std::vector<std::string> alpn{};                  ///< RFC 7301 3.1
  std::vector<std::uint16_t> supported_versions{};  ///< RFC 8446 4.2.1
  std::vector<std::uint16_t> signature_algorithms{};
};

/// Reads the body of a ClientHello message. The extensions may be missing altogether (SSL 3.0). An
/// extension whose inside cannot be read keeps its type and nothing else.
[[nodiscard]] ClientHello read_client_hello(Cursor& in);

/// The same of DTLS, RFC 6347 4.2.1: a cookie stands behind the session identifier.
[[nodiscard]] ClientHello read_dtls_client_hello(Cursor& in);

/// RFC 8701: 0a0a, 1a1a, ... fafa.
[[nodiscard]] constexpr bool is_grease(std::uint16_t value) {
  return (value & 0x0f0fU) == 0x0a0aU && (value >> 8U) == (value & 0xffU);
}

}  // namespace remora::tls
