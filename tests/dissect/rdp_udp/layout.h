#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/hex.h"

namespace remora::rdp_udp {

/// [MS-RDPEUDP] 3.1.5.1.1: filled with zeros up to an MTU of 1232.
inline std::vector<std::byte> syn_datagram(std::string_view text) {
  auto bytes = testing::hex(text);
  bytes.resize(1232);
  return bytes;
}

inline constexpr std::string_view kSynText{
    "ffffffff 0040 1801"  // snSourceAck, uReceiveWindowSize; SYN, CORRELATION_ID, SYNEX
    "00000064 04d0 04d0"  // snInitialSequenceNumber, MTUs
    "112233445566778899aabbccddeeff01"  // uCorrelationId
    "00000000000000000000000000000000"  // uReserved
    "0001 0002"};                       // uSynExFlags, uUdpVer
inline constexpr std::string_view kSynAckText{
    "00000064 0040 1005"  // SYN, ACK, SYNEX
    "000001f4 04d0 04d0"
    "0001 0002"};

}  // namespace remora::rdp_udp
