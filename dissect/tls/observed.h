#pragma once

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/observation/tls.h"
#include "dissect/observation/trouble.h"
#include "dissect/tls/client_hello.h"
#include "dissect/tls/server_hello.h"

namespace remora::tls {

// What TLS and DTLS tell alike.

[[nodiscard]] observation::TlsClientHello to_observed(const ClientHello& hello);
[[nodiscard]] observation::TlsServerHello to_observed(const ServerHello& hello);

/// The operator gave keys, and none of them opens the connection.
[[nodiscard]] observation::Anomaly no_key_fits();

/// The first certificate of a Certificate message of TLS 1.2 and before, RFC 5246 7.4.2; empty when
/// the list is.
[[nodiscard]] ByteView read_leaf_certificate(Cursor& in);

/// The same of TLS 1.3, RFC 8446 4.4.2.
[[nodiscard]] ByteView read_tls13_leaf_certificate(Cursor& in);

}  // namespace remora::tls
