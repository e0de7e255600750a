#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/time.h"

namespace remora::observation {

/// The leaf X.509 certificate of a server. Texts are UTF-8.
struct CertificateSeen {
  std::string subject;  ///< RFC 2253 order as on the wire reversed: "CN=host,DC=corp,DC=example"
  std::string issuer;
  std::string serial;  ///< lower-case hex, no leading zeros beyond whole bytes
  std::optional<Moment> not_before;
  std::optional<Moment> not_after;
  std::string common_name;         ///< of the subject; empty when there is none
  std::vector<std::string> names;  ///< SAN dNSName and iPAddress entries in wire order
  std::array<std::byte, 20> sha1{};
  std::array<std::byte, 32> sha256{};
  bool self_signed{false};  ///< issuer equals subject and its own key verifies the signature
  std::uint32_t public_key_bits{0};
  std::string signature_algorithm;  ///< OpenSSL long name, "sha256WithRSAEncryption"
  bool operator==(const CertificateSeen&) const = default;
};

}  // namespace remora::observation
