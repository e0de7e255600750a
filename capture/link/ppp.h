#pragma once

#include <optional>

#include "capture/link/link_layer.h"

namespace remora::capture {

/// PPP, RFC 1661, with or without the HDLC-like framing of RFC 1662 (ff 03), and with or without
/// protocol field compression; Cisco HDLC (0f 00 and 8f 00) where a serial line's capture has it.
[[nodiscard]] std::optional<LinkResult> read_ppp(ByteView frame);

/// PPP as `read_ppp` knows it, but for Cisco HDLC, at `result.payload`: inside a tunnel.
[[nodiscard]] std::optional<LinkResult> read_ppp_in(LinkResult result);

/// A PPPoE header, RFC 2516 4, in front of `result.payload`. Discovery carries nothing.
[[nodiscard]] std::optional<LinkResult> read_pppoe(LinkResult result);

}  // namespace remora::capture
