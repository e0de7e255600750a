#pragma once

#include <cstdint>
#include <vector>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_UD_SC_NET, [MS-RDPBCGR] 2.2.1.4.4.
///
/// LIMIT: 31 channels, the protocol's own maximum; more are not read.
struct ServerNetwork {
  std::uint16_t mcs_channel_id;            ///< of the I/O channel
  std::uint16_t channel_count;             ///< as on the wire
  std::vector<std::uint16_t> channel_ids;  ///< in the order of the client's channels
};

[[nodiscard]] ServerNetwork read_server_network(Cursor& in);

}  // namespace remora::rdp
