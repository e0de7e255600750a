#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/base/flow_key.h"
#include "tests/dissect/tls/openssl_talk.h"

namespace remora::rdp_udp::testing {

using Flights = std::vector<tls::testing::Flight>;

/// How what TLS or DTLS say goes over RDP-UDP.
enum class Way : std::uint8_t {
  kLossy1,     ///< version 1, SYNLOSSY, [MS-RDPEUDP]
  kLossy2,     ///< version 2
  kReliable2,  ///< version 2, in payloads of at most 1,100 bytes
  kReliable3,  ///< version 3, [MS-RDPEUDP2]
};

/// SYN, SYN and ACK, and then a datagram for each flight, or for each piece of it.
[[nodiscard]] Flights wrap(const Flights& flights, Way way);

}  // namespace remora::rdp_udp::testing
