#pragma once

#include "dissect/session/offer_event.h"
#include "remora/v1/event.pb.h"

namespace remora::emit {

/// The offer as the contract spells it.
void fill(const session::Offer& from, v1::Offer& to);

}  // namespace remora::emit
