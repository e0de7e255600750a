#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "dissect/observation/observation.h"

// What a session tells of its course, as far as it can be read.

namespace remora::session {

/// The frame that told it last, and how it is known.
struct Shown {
  FrameNumber frame{};
  Certainty certainty{Certainty::kObserved};
};

struct Heartbeats {
  observation::HeartbeatSeen last;
  std::uint64_t count{0};
  Shown shown;
};

/// What both ends measured of the network between them, [MS-RDPBCGR] 2.2.14.
struct NetworkMeasures {
  std::optional<std::uint32_t> base_rtt;     ///< milliseconds; as the server concluded
  std::optional<std::uint32_t> average_rtt;  ///< likewise
  std::optional<std::uint32_t> bandwidth;    ///< kilobits per second; likewise
  std::uint64_t rtt_requests{0};
  std::uint64_t rtt_responses{0};
  /// From request to response as they pass the sensor; of those that could be paired.
  std::uint64_t round_trips{0};
  Nanoseconds shortest{0};
  Nanoseconds longest{0};
  Nanoseconds sum{0};
  std::uint64_t bandwidth_measures{0};
  std::optional<std::uint32_t> measured_time;  ///< milliseconds
  std::optional<std::uint32_t> measured_bytes;
  std::optional<std::uint32_t> remembered_rtt;        ///< milliseconds
  std::optional<std::uint32_t> remembered_bandwidth;  ///< kilobits per second
  Shown shown;
};

struct ServerMonitors {
  std::vector<observation::Monitor> monitors;
  Shown shown;
};

struct Reactivations {
  std::uint32_t count{0};
  Moment last;
  Shown shown;
};

struct ShutdownSteps {
  std::optional<Moment> requested;
  std::optional<Moment> denied;
  Shown shown;
};

struct StatusAt {
  Moment at;
  observation::NamedCode status;
  Shown shown;
};

struct NotificationAt {
  Moment at;
  observation::LogonNotified told;
  Shown shown;
};

struct AutoReconnects {
  std::uint32_t cookies_given{0};
  std::optional<std::uint32_t> logon_id;
  std::optional<std::uint32_t> shown_logon_id;
  bool refused{false};
  Shown shown;
};

struct LicensingCourse {
  std::vector<std::string> messages;
  observation::LicensingStep says;  ///< all steps together; the later one wins
  Shown shown;
};

/// The program of one side, as its habits give it away.
struct Implementation {
  const char* name{""};
  const char* rule{""};
  const char* note{""};  ///< which habit
  double confidence{0};
};

}  // namespace remora::session
