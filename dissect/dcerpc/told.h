#pragma once

#include <cstdint>

#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/dcerpc/calls.h"
#include "dissect/observation/offer.h"

namespace remora::dcerpc {

/// Who says it, and when.
struct Occasion {
  Side client{};  ///< of the calls
  Instant at;
};

/// What a whole request says; notes in `call` what its answer will be about.
void tell_request(Call& call, const Occasion& occasion, Findings& out);
/// What a whole response says.
void tell_response(const Call& call, const Occasion& occasion, Findings& out);
/// The server did not carry the call out.
void tell_fault(const Call& call, std::uint32_t status, const Occasion& occasion, Findings& out);

/// A step of an offer at an interface of the novice; the rest of it is for the caller to fill.
[[nodiscard]] observation::OfferSeen make_step(Interface interface,
                                               observation::OfferSeen::Step step, Side client,
                                               bool by_port = false);

}  // namespace remora::dcerpc
