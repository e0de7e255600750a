#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/cursor.h"
#include "dissect/observation/connection_health.h"

namespace remora::rdp {

/// A message of Network Characteristics Detection, [MS-RDPBCGR] 2.2.14.1 and 2.2.14.2, behind its
/// security header. Of random payloads not even the length is kept.
struct NetworkDetectionMessage {
  std::uint8_t header_type_id;  ///< 0: request, by the server; 1: response
  std::uint16_t sequence_number;
  std::uint16_t type;                        ///< requestType or responseType; any value may occur
  std::optional<std::uint32_t> base_rtt;     ///< milliseconds; `rtt` of a sync
  std::optional<std::uint32_t> bandwidth;    ///< kilobits per second
  std::optional<std::uint32_t> average_rtt;  ///< milliseconds
  std::optional<std::uint32_t> time_delta;   ///< milliseconds
  std::optional<std::uint32_t> byte_count;
};

[[nodiscard]] NetworkDetectionMessage read_network_detection(Cursor& in);

/// What it says; empty for one that only steers a measurement.
[[nodiscard]] std::optional<observation::NetworkDetection> to_observation(
    const NetworkDetectionMessage& message);

}  // namespace remora::rdp
