#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/cursor.h"
#include "capture/base/result.h"
#include "dissect/rdp/gcc/client_cluster.h"
#include "dissect/rdp/gcc/client_core.h"
#include "dissect/rdp/gcc/client_monitor.h"
#include "dissect/rdp/gcc/client_multitransport.h"
#include "dissect/rdp/gcc/client_network.h"
#include "dissect/rdp/gcc/client_security.h"

namespace remora::rdp {

/// All that a client says in its Conference Create Request, [MS-RDPBCGR] 2.2.1.3. Blocks come in
/// any order; of two of a kind the first counts. A block that cannot be read is absent.
struct ClientBlocks {
  std::optional<ClientCore> core;
  std::optional<ClientSecurity> security;
  std::optional<ClientNetwork> network;
  std::optional<ClientCluster> cluster;
  std::optional<ClientMonitor> monitor;
  std::optional<ClientMonitorEx> monitor_ex;
  std::optional<ClientMessageChannel> message_channel;
  std::optional<ClientMultitransport> multitransport;
  std::vector<std::uint16_t> unknown;  ///< types of the other blocks
  std::optional<ReadError> damage;     ///< the first; what could be read is kept
};

/// Reads `ConnectInitial::user_data`. Fails only when there is no "Duca".
[[nodiscard]] ClientBlocks read_client_blocks(Cursor& in);

}  // namespace remora::rdp
