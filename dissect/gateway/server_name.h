#pragma once

#include <string>

#include "capture/base/bytes.h"

namespace remora::gateway {

/// The host name in a TLS ClientHello (RFC 6066 3) whose beginning stands in a segment; the rest of
/// it may be missing. UTF-8; empty when the segment begins with none, or names nobody.
[[nodiscard]] std::string read_server_name(ByteView segment);

}  // namespace remora::gateway
