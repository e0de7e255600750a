#pragma once

#include <array>

#include "dissect/conversation/family.h"
#include "dissect/drives/family.h"
#include "dissect/dynamic_channels/family.h"
#include "dissect/multitransport/family.h"

namespace remora::multitransport {

/// Whoever reads a tunnel and its channels.
inline const std::array kTunnelFamilies{family(), dynamic_channels::family(), drives::family()};

}  // namespace remora::multitransport
