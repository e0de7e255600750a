#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/flow_key.h"

namespace remora::observation {

/// A TLS ClientHello (RFC 8446 4.1.2). Its sender is the TLS client.
struct TlsClientHello {
  std::vector<std::uint16_t> versions{};  ///< offered, highest first; GREASE removed
  std::optional<std::string> sni{};       ///< host_name as sent, UTF-8
  std::vector<std::string> alpn{};
  std::string ja3{};  ///< MD5 in lower-case hex
  std::string ja4{};
  bool operator==(const TlsClientHello&) const = default;
};

/// A TLS ServerHello that is not a HelloRetryRequest.
struct TlsServerHello {
  std::uint16_t version{0};  ///< chosen: supported_versions if present, else the legacy field
  std::uint16_t cipher{0};
  std::string cipher_name{};  ///< IANA name, or "0x1234" when unknown
  std::string ja3s{};
  bool operator==(const TlsServerHello&) const = default;
};

/// The handshake is over and protected records follow; or an alert in clear ended it.
struct TlsAlertSeen {
  Side from{};
  bool fatal{false};
  std::uint8_t description{0};
  bool operator==(const TlsAlertSeen&) const = default;
};

/// A protected application-data record whose plaintext length follows from its cipher
/// (protocols-rdp.md 9.1). Reported for the first records of each side only.
struct SealedRecord {
  Side from{};
  std::uint32_t plaintext_bytes{0};  ///< exact when `exact`, else the largest it can be
  bool exact{false};
  bool operator==(const SealedRecord&) const = default;
};

}  // namespace remora::observation
