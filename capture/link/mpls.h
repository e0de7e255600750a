#pragma once

#include <optional>

#include "capture/link/link_layer.h"

namespace remora::capture {

/// LIMIT: labels of one stack; a deeper one carries nothing.
inline constexpr int kMaxLabels = 16;

/// An MPLS label stack, RFC 3032 2.1, at `result.payload`. What follows is not announced, so the
/// content decides (RFC 4928 3): IPv4, IPv6, or an Ethernet pseudowire with or without control word
/// (RFC 4448 4.6). Empty when cut short. The bottom label becomes `circuit`.
[[nodiscard]] std::optional<LinkResult> read_mpls(LinkResult result);

}  // namespace remora::capture
