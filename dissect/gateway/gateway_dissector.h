#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "dissect/conversation/dissector.h"
#include "dissect/gateway/gateway_head.h"
#include "dissect/observation/transport.h"

namespace remora::gateway {

/// The HTTP heads before a gateway's packets, [MS-TSGU] 3.3.5.1.
///
///   request ─► 401 ─► request … ─► 101 ─► WebSocket frames, both directions
///                              └─► 200 ─► OUT: 100 bytes, then the server's packets
///                                     └─► IN: the client's packets, mostly in chunks
///
/// RPC over HTTP ends with its request: the calls inside tell nothing more without a reader of
/// DCE/RPC. State: the last request.
class GatewayDissector final : public Dissector {
 public:
  /// LIMIT: what a client may say before its request is answered. More: the answers are not
  /// captured.
  static constexpr std::size_t kMaxUnanswered = 4096;

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  [[nodiscard]] std::size_t on_client(ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_server(ByteView bytes, Instant at, Findings& out);
  void tell(const GatewayRequest& request, Instant at, Findings& out);
  void go_on(const GatewayAnswer& answer, Findings& out);

  std::optional<Side> client_;
  std::optional<GatewayRequest> asked_;  ///< and not answered
  std::optional<observation::GatewaySeen> told_;
};

}  // namespace remora::gateway
