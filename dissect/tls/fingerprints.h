#pragma once

#include <string>

#include "dissect/tls/client_hello.h"
#include "dissect/tls/server_hello.h"

namespace remora::tls {

// Fingerprints of protocols-rdp.md 5.4. Of the JA4 family only JA4 itself is computed: the licence
// of the others does not fit.

/// MD5 of version, ciphers, extensions, groups and point formats, GREASE left out.
[[nodiscard]] std::string ja3(const ClientHello& hello);
/// MD5 of version, cipher and extensions.
[[nodiscard]] std::string ja3s(const ServerHello& hello);
/// "t13d1516h2_8daaf6152771_e5627efa2ab1"; of DTLS "dd2i0606...".
[[nodiscard]] std::string ja4(const ClientHello& hello);

/// The two hashed parts of JA4: the first twelve hex digits of SHA-256, twelve zeros for no text.
[[nodiscard]] std::string ja4_hash(const std::string& text);

}  // namespace remora::tls
