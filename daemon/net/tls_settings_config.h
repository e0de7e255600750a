#pragma once

#include "daemon/config/map.h"
#include "daemon/delivery/tls_settings.h"

namespace remora::net {

/// Takes the block `tls:` out of an output's configuration. Without the block there is no TLS; with
/// it there is, unless `enabled: false`. Keys: enabled, ca_file, certificate_file, key_file,
/// server_name, verify.
[[nodiscard]] delivery::TlsSettings read_tls_settings(config::Map& output);

}  // namespace remora::net
