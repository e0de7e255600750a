#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>
#include <tl/expected.hpp>

#include "daemon/delivery/tls_settings.h"

namespace remora::net {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPointer = std::unique_ptr<SSL, FreeSsl>;

/// A client's side of TLS on a connected, non-blocking `socket`, which stays the caller's; no bytes
/// have been exchanged yet. `host` is what the certificate must bear unless the settings name
/// another. Files are read anew each time. Fails with a text that says which file and what to do.
[[nodiscard]] tl::expected<SslPointer, std::string> make_tls_client(
    int socket, const std::string& host, const delivery::TlsSettings& settings);

/// Why the handshake failed, of OpenSSL's error queue and the verification's result: what to do.
/// `cause`: the result of SSL_get_error.
[[nodiscard]] std::string tls_problem(const SSL& ssl, int cause);

}  // namespace remora::net
