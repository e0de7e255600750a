#pragma once

#include <cstddef>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::x509 {

/// The modulus of the RSA key in a DER certificate, big-endian without leading zeros; empty where
/// there is none.
[[nodiscard]] std::vector<std::byte> rsa_modulus(ByteView der_certificate);

}  // namespace remora::x509
