#pragma once

#include "dissect/conversation/family.h"

namespace remora::upnp {

inline constexpr Protocol kProtocol{"upnp"};

/// SOAP requests to a router; reached by hand-over from HTTP.
[[nodiscard]] Family family();

}  // namespace remora::upnp
