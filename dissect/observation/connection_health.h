#pragma once

#include <cstdint>
#include <optional>

// What both ends find out about the connection between them, on its message channel.

namespace remora::observation {

/// Server Heartbeat PDU, [MS-RDPBCGR] 2.2.16.1.
struct HeartbeatSeen {
  std::uint8_t period{0};                   ///< seconds
  std::uint8_t missed_before_warning{0};    ///< count1
  std::uint8_t missed_before_reconnect{0};  ///< count2
  bool operator==(const HeartbeatSeen&) const = default;
};

/// A message of Network Characteristics Detection, 2.2.14, as far as it says something.
struct NetworkDetection {
  enum class Kind : std::uint8_t {
    kRttRequest,        ///< by the server, as all that are not the client's
    kRttResponse,       ///< by the client; `sequence` as in the request
    kBandwidthResults,  ///< by the client: `time_delta`, `byte_count`
    kCharacteristics,   ///< Network Characteristics Result: `base_rtt`, `bandwidth`, `average_rtt`
    kCharacteristicsSync  ///< by the client: `bandwidth`, `base_rtt` of its last connection
  };
  Kind kind{};
  std::uint16_t sequence{0};
  std::optional<std::uint32_t> base_rtt{};     ///< milliseconds
  std::optional<std::uint32_t> average_rtt{};  ///< milliseconds
  std::optional<std::uint32_t> bandwidth{};    ///< kilobits per second
  std::optional<std::uint32_t> time_delta{};   ///< milliseconds
  std::optional<std::uint32_t> byte_count{};
  bool operator==(const NetworkDetection&) const = default;
};

}  // namespace remora::observation
