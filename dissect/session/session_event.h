#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/observation/observation.h"
#include "dissect/session/evidence.h"
#include "dissect/session/session.h"

namespace remora::session {

struct Opened {};
struct Accepted {
  enum class By : std::uint8_t { kLicense, kActivation, kInferred };
  By by{};
};
struct Updated {};
struct Closed {};
/// A user logged on to the Windows session behind the connection, or failed to.
struct Logon {
  SessionUser user;
  bool succeeded{false};
  std::optional<std::uint32_t> windows_session_id;
  std::optional<observation::NamedCode> error;
};
struct Anomaly {
  std::string code;
  std::string detail;
};

using Happening = std::variant<Opened, Accepted, Updated, Closed, Logon, Anomaly>;

/// Something that happened to a session, with the session as it then stood.
struct SessionEvent {
  Instant at;
  Happening what;
  Certainty certainty{Certainty::kObserved};
  double confidence{1.0};  ///< 1 unless inferred
  std::vector<Evidence> evidence;
  SocketAddress flow_initiator;  ///< of the carrying flow
  SocketAddress flow_acceptor;
  std::uint64_t ordinal{0};  ///< of this event in its session, from 0
  Session session;
};

}  // namespace remora::session
