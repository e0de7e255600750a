#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "capture/base/bytes.h"
#include "dissect/keys/secret.h"
#include "dissect/tls/protection.h"

namespace remora::tls {

// What TLS derives from what; OpenSSL's key derivation functions do the work. An empty secret where
// they refuse.

/// PRF of RFC 5246 5 (`protection.hash`), before TLS 1.2 that of RFC 2246 5.
[[nodiscard]] keys::Secret prf(std::uint16_t version, const Protection& protection, ByteView secret,
                               std::string_view label, ByteView seed, std::size_t bytes);

/// HKDF-Expand-Label with an empty context, RFC 8446 7.1.
[[nodiscard]] keys::Secret expand_label(const Protection& protection, ByteView secret,
                                        std::string_view label, std::size_t bytes);

}  // namespace remora::tls
