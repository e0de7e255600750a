#pragma once

#include <cstdint>
#include <string>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"

namespace remora::emit {

/// Community ID v1 of a TCP or UDP flow (corelight/community-id-spec): the same for both
/// directions, and the same in every tool that computes it.
[[nodiscard]] std::string community_id(Transport transport, const SocketAddress& a,
                                       const SocketAddress& b, std::uint16_t seed = 0);

}  // namespace remora::emit
