#pragma once

#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/tunnel.h"

namespace remora::capture {

/// No EtherType: the tunnel carries control messages, or something that Remora does not follow.
inline constexpr std::uint16_t kNothingFollowed = 0;

/// What a tunnel's header says of its content. Borrows.
struct Encapsulated {
  TunnelKind kind{};
  std::uint32_t id{0};                        ///< as TunnelLayer::id
  std::uint16_t ethertype{kNothingFollowed};  ///< of the payload; see link/ethernet.h
  ByteView payload{};                         ///< what was captured of it
};

/// The EtherType of an IP packet by its version; kNothingFollowed when it is none.
[[nodiscard]] std::uint16_t ip_ethertype(ByteView packet);

}  // namespace remora::capture
