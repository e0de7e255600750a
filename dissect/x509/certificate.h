#pragma once

#include <cstddef>
#include <optional>

#include "capture/base/bytes.h"
#include "dissect/observation/certificate.h"

namespace remora::x509 {

/// LIMIT: a larger certificate is not looked at.
inline constexpr std::size_t kMaxCertificateBytes = 64U << 10U;

/// Reads a DER certificate, RFC 5280 4.1. Empty when it is none, or too large. Texts are made valid
/// UTF-8. The work is OpenSSL's; nothing is trusted or verified but the self-signature.
[[nodiscard]] std::optional<observation::CertificateSeen> read_certificate(ByteView der);

}  // namespace remora::x509
