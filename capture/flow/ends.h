#pragma once

#include "capture/flow/flow.h"
#include "capture/net/packet.h"

namespace remora::capture {

/// Follows FIN and RST of a flow with a detail, and what speaks for and against them. True where
/// `closing`, `over` and what goes with them changed.
///
/// Anybody on the way can send them, also so that their receiver never sees them. Therefore:
/// - a FIN is believed when the peer acknowledges it, an RST when it lies where the peer expects it
///   (RFC 5961 3.2) and comes from the usual distance; both at once where the peer is not captured;
/// - what is not believed ends nothing, but is how the flow ended when it ends for another reason;
/// - data beyond it, another FIN, or a peer that goes on and does not know of it, refute it.
[[nodiscard]] bool follow_ends(Flow& flow, Side from, const Packet& packet);

/// The end that nobody refuted, the first of both sides; null where there is none.
[[nodiscard]] const SeenEnd* first_end(const FlowDetail& detail);

/// A flow that gets its detail had seemed to be over before anybody followed it.
void open_again(Flow& flow, Instant at);

}  // namespace remora::capture
