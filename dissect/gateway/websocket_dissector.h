#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dissect/conversation/dissector.h"
#include "dissect/gateway/websocket.h"

namespace remora::gateway {

/// WebSocket frames (RFC 6455) of both directions; what they carry are a gateway's packets.
///
/// State: per side what is left of a frame and its key; a buffer for what was unmasked last.
class WebSocketDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  struct Frame {
    std::uint64_t left{0};  ///< of a data frame's payload
    std::uint64_t read{0};  ///< of it: where in the key the next byte stands
    bool masked{false};
    std::array<std::byte, 4> key{};
  };

  [[nodiscard]] std::size_t on_header(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] ByteView unmasked(const Frame& frame, ByteView payload);

  std::array<Frame, 2> frames_;  ///< by index_of(Side)
  std::vector<std::byte> clear_;
};

}  // namespace remora::gateway
