#pragma once

#include <cstddef>
#include <optional>

#include "dissect/conversation/dissector.h"

namespace remora::proxy {

/// HTTP CONNECT: request ─► [407 ─► request …] ─► 2xx ─► whatever the proxy passes on.
///
/// State: who asked, and whether an answer is awaited.
class HttpConnectDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  [[nodiscard]] std::size_t on_client(ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_proxy(ByteView bytes, Instant at, Findings& out);

  std::optional<Side> client_;
  bool asked_{false};
  bool refused_before_{false};  ///< the proxy has spoken: its answers are captured
};

}  // namespace remora::proxy
