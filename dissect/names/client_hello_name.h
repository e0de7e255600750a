#pragma once

#include <optional>
#include <string>

#include "capture/base/bytes.h"
#include "dissect/conversation/dissector.h"

namespace remora::names {

/// The server name (RFC 6066 3) of the TLS ClientHello (RFC 8446 4.1.2) with which `segment`
/// begins, as far as it is there: a hello may go on in the next segment. Empty where there is none,
/// or none that a host may have.
[[nodiscard]] std::optional<std::string> to_server_name(ByteView segment);

/// Tells by what name the sender called the machine to which it spoke TLS.
void overhear_client_hello(const Datagram& first_segment, Findings& out);

}  // namespace remora::names
