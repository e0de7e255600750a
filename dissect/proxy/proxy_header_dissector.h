#pragma once

#include <cstddef>

#include "dissect/conversation/dissector.h"

namespace remora::proxy {

/// One header of the PROXY protocol, then whatever the balancer passes on. Keeps nothing.
class ProxyHeaderDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
};

}  // namespace remora::proxy
