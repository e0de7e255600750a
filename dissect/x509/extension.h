#pragma once

#include <cstddef>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::x509 {

/// The content of the first extension of that object identifier, "1.3.6.1.4.1.311.18.6", in a DER
/// certificate, RFC 5280 4.1.2.9. Empty when there is none, or no certificate. At most as large as
/// the certificate.
[[nodiscard]] std::vector<std::byte> extension(ByteView der, const char* object_identifier);

}  // namespace remora::x509
