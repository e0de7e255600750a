#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/bytes.h"
#include "dissect/conversation/extent.h"

namespace remora::proxy {

/// LIMIT: bytes of an HTTP head. Servers refuse longer ones.
inline constexpr std::size_t kMaxHeadBytes = 8192;

/// A CONNECT request, RFC 9110 9.3.6.
struct ConnectRequest {
  std::string host;  ///< as sent, an IPv6 address in brackets
  std::uint16_t port{0};
  std::string user{};  ///< of "Proxy-Authorization: Basic" (RFC 7617); UTF-8. Never the password
};

/// What of a proxy's answer leads on.
struct ConnectAnswer {
  std::uint16_t status{0};
  std::optional<std::uint64_t> content_length{};
  bool chunked{false};
};

/// The request line alone: enough to know it by. Lost when the bytes cannot start one.
[[nodiscard]] Extent measure_connect_line(ByteView bytes);

/// Where the head at the start of `bytes` ends, its empty line included. Lost where none is found
/// in `kMaxHeadBytes`.
[[nodiscard]] Extent measure_head(ByteView bytes);

/// Read whole heads; empty when the first line is none of a CONNECT request, of an answer.
[[nodiscard]] std::optional<ConnectRequest> read_connect_request(ByteView head);
[[nodiscard]] std::optional<ConnectAnswer> read_connect_answer(ByteView head);

}  // namespace remora::proxy
