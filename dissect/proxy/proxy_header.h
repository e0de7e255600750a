#pragma once

#include <optional>
#include <string>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "dissect/conversation/extent.h"

namespace remora::proxy {

/// A header of the PROXY protocol (HAProxy's doc/proxy-protocol.txt), versions 1 and 2. A balancer
/// writes it before the first byte of what it passes on.
///
///   v1: "PROXY TCP4 source destination source-port destination-port" CR LF, also TCP6; or "PROXY
///       UNKNOWN" and anything up to CR LF
///   v2: signature 12 | version and command u8 | family u8 | length u16 | addresses | TLVs;
///   big-endian
struct ProxyHeader {
  int version{0};
  /// Empty for the balancer's own connection (LOCAL), and where it names no TCP client (UNKNOWN,
  /// UDP, AF_UNIX).
  std::optional<SocketAddress> client;
  std::optional<SocketAddress> destination;
  std::string authority{};  ///< PP2_TYPE_AUTHORITY: host that the client asked for; UTF-8
};

/// Where the header at the start of `bytes` ends. Lost when they cannot start one.
///
/// LIMIT: 107 bytes of version 1 (section 2.1), 64 KiB of version 2.
[[nodiscard]] Extent measure_proxy_header(ByteView bytes);

/// Reads a whole one; empty when its inside cannot be read.
[[nodiscard]] std::optional<ProxyHeader> read_proxy_header(ByteView header);

}  // namespace remora::proxy
