#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/frame.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"
#include "dissect/session/evidence.h"
#include "dissect/session/session.h"

namespace remora::session {

/// An unsolicited offer of Remote Assistance, as far as its steps have told.
struct Offer {
  SessionEnd expert;
  SessionEnd novice;
  std::vector<IpAddress> novice_addresses;  ///< that its machine says it has, besides
  std::optional<SessionUser> user;          ///< who offers
  std::optional<SessionUser> novice_user;
  std::optional<std::uint32_t> windows_session_id;
  std::optional<observation::NamedCode> error;
  std::optional<TicketId> ticket;  ///< the connection string that the novice gave
};

/// Somebody offered help. Its time is that of the first step.
struct OfferEvent {
  Instant at;
  Certainty certainty{Certainty::kObserved};
  double confidence{1.0};
  std::vector<Evidence> evidence;
  Offer offer;
  FlowFacts flow;  ///< of the first step
};

}  // namespace remora::session
