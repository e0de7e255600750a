#pragma once

#include <cstddef>
#include <cstdint>

#include "dissect/conversation/dissector.h"

namespace remora::preconnection {

/// One PDU in clear before the X.224 Connection Request, sent by the RDP client; then the
/// connection is "rdp". Keeps nothing.
class PreconnectionDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
};

}  // namespace remora::preconnection
