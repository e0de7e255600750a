#pragma once

#include <cstddef>

#include "capture/flow/flow.h"
#include "capture/net/packet.h"

namespace remora::capture {

[[nodiscard]] inline bool has_flag(const Packet& packet, TcpFlag flag) {
  return packet.transport == Transport::kTcp && packet.flags.has(flag);
}

// `side` is the sender's index_of(Side).

/// Takes in a packet with SYN. True for a repetition. Of different SYN-ACKs the first counts until
/// the initiator confirms one.
[[nodiscard]] bool follow_syn(Flow& flow, std::size_t side, const Packet& syn);

/// A packet of the initiator after different SYN-ACKs: what it acknowledges is the one that counts.
void settle_syn_ack(Flow& flow, const Packet& packet);

/// What a packet of a flow with a detail tells of it, before its payload is read and `flow.last`
/// goes on.
void follow_detail(FlowDetail& detail, const Flow& flow, std::size_t side, const Packet& packet);

/// What it shows once its payload was read.
void look_for_evasion(FlowDetail& detail, std::size_t side, const Packet& packet);

}  // namespace remora::capture
