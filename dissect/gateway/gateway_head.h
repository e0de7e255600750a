#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/bytes.h"
#include "dissect/conversation/extent.h"
#include "dissect/conversation/family.h"

namespace remora::gateway {

/// LIMIT: bytes of an HTTP head. Kerberos tickets make them long.
inline constexpr std::size_t kMaxHeadBytes = 32768;

/// What a client asks a gateway for: [MS-TSGU] 2.2.3.1, 2.2.2 (RPC over HTTP).
enum class Method : std::uint8_t { kRdgOutData, kRdgInData, kRpcOutData, kRpcInData, kGet };

/// A request's head, 2.2.3.2. Texts are UTF-8, empty where the header is not there.
struct GatewayRequest {
  Method method{};
  std::string host{};            ///< without port
  std::string connection_id{};   ///< RDG-Connection-Id as sent
  std::string correlation_id{};  ///< RDG-Correlation-Id as sent
  std::string user{};            ///< RDG-User-Id, what follows a backslash
  std::string domain{};          ///< what stands before it
  bool websocket{false};         ///< Upgrade: websocket
  bool chunked{false};
  std::uint64_t content_length{0};
};

struct GatewayAnswer {
  std::uint16_t status{0};
  bool chunked{false};
  std::uint64_t content_length{0};
};

/// By the request line: the methods that only gateways have; RPC over HTTP by the gateway's own
/// port behind its proxy, since Exchange uses the same methods; a browser's GET by its path.
[[nodiscard]] Verdict recognise(ByteView first_bytes);

/// Where the head at the start of `bytes` ends, its empty line included.
[[nodiscard]] Extent measure_head(ByteView bytes);

/// Read whole heads; empty when the first line is none.
[[nodiscard]] std::optional<GatewayRequest> read_request(ByteView head);
[[nodiscard]] std::optional<GatewayAnswer> read_answer(ByteView head);

}  // namespace remora::gateway
