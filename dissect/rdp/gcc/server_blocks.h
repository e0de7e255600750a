#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/cursor.h"
#include "capture/base/result.h"
#include "dissect/rdp/gcc/server_core.h"
#include "dissect/rdp/gcc/server_multitransport.h"
#include "dissect/rdp/gcc/server_network.h"
#include "dissect/rdp/gcc/server_security.h"

namespace remora::rdp {

/// All that a server says in its Conference Create Response, [MS-RDPBCGR] 2.2.1.4. Same rules as
/// `ClientBlocks`. Views borrow from the input.
struct ServerBlocks {
  std::optional<ServerCore> core;
  std::optional<ServerSecurity> security;
  std::optional<ServerNetwork> network;
  std::optional<ServerMessageChannel> message_channel;
  std::optional<ServerMultitransport> multitransport;
  std::vector<std::uint16_t> unknown;
  std::optional<ReadError> damage;
};

/// Reads `ConnectResponse::user_data`. Fails only when there is no "McDn".
[[nodiscard]] ServerBlocks read_server_blocks(Cursor& in);

}  // namespace remora::rdp
