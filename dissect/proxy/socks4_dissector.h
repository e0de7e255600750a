#pragma once

#include <cstddef>
#include <optional>

#include "dissect/conversation/dissector.h"

namespace remora::proxy {

/// SOCKS 4 and 4a: request ─► reply ─► whatever the proxy passes on.
///
/// State: who asked, and whether it has.
class Socks4Dissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  [[nodiscard]] std::size_t on_client(ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_proxy(ByteView bytes, Instant at, Findings& out);

  std::optional<Side> client_;
  bool asked_{false};
  bool is_4a_{false};
};

}  // namespace remora::proxy
