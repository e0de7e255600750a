#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/cursor.h"
#include "dissect/rdp/flags.h"

namespace remora::rdp {

/// TS_UD_CS_CLUSTER.Flags, [MS-RDPBCGR] 2.2.1.3.5. Bits 3Ch hold the redirection version minus 1.
enum class ClusterFlag : std::uint32_t {
  kRedirectionSupported = 0x01,
  kRedirectedSessionIdFieldValid = 0x02,
  kRedirectedSmartcard = 0x40,
};
using ClusterFlags = Flags<ClusterFlag>;

/// TS_UD_CS_CLUSTER, 2.2.1.3.5.
struct ClientCluster {
  ClusterFlags flags;
  std::optional<std::uint32_t> redirected_session_id;  ///< as on the wire, valid or not
};

[[nodiscard]] ClientCluster read_client_cluster(Cursor& in);

}  // namespace remora::rdp
