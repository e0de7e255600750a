#pragma once

#include "dissect/conversation/family.h"

namespace remora::gateway {

inline constexpr Protocol kProtocol{"gateway"};
inline constexpr Protocol kVirtualDesktop{"gateway.virtual_desktop"};
inline constexpr Protocol kWebSocket{"gateway.websocket"};
inline constexpr Protocol kChunked{"gateway.chunked"};
inline constexpr Protocol kPackets{"gateway.packets"};
inline constexpr Protocol kOneWay{"gateway.one_way"};

/// A Remote Desktop Gateway's HTTP in clear, and its UDP side channel.
[[nodiscard]] Family family();
/// A gateway of Azure Virtual Desktop, told by its name.
[[nodiscard]] Family virtual_desktop_family();

// What stands inside, reached by hand-over and carrying only.
[[nodiscard]] Family websocket_family();
[[nodiscard]] Family chunked_family();
[[nodiscard]] Family packets_family();
[[nodiscard]] Family one_way_family();

}  // namespace remora::gateway
