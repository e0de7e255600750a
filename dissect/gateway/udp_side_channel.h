#pragma once

#include "capture/flow/stream.h"
#include "dissect/conversation/dissector.h"

namespace remora::gateway {

/// Whether a datagram is DTLS to or from port 3391 ([MS-TSGU] 2.1.3): the gateway's UDP transport.
/// The port belongs to the judgement: DTLS carries much else.
[[nodiscard]] bool recognise_datagram(const Datagram& datagram);

/// The UDP transport of a gateway, concluded and told once; what it carries is encrypted.
class UdpSideChannel final : public DatagramDissector {
 public:
  void on_datagram(const Datagram& datagram, Findings& out) override;
};

}  // namespace remora::gateway
