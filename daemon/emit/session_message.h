#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "capture/base/time.h"
#include "dissect/session/session.h"
#include "remora/v1/session.pb.h"

namespace remora::emit {

/// The session as the contract spells it. `now` is the time of the event that carries it.
void fill(const session::Session& from, Moment now, v1::Session& to);
void fill(const session::SessionUser& from, v1::User& to);
void fill_duration(Nanoseconds from, google::protobuf::Duration& to);
void fill(const observation::NamedCode& from, v1::NamedCode& to);
void fill(const observation::Monitor& from, v1::Monitor& to);
void fill(Moment from, google::protobuf::Timestamp& to);

[[nodiscard]] v1::Session::EndReason end_reason(session::EndReason reason);
[[nodiscard]] v1::Knowledge::Certainty certainty(Certainty certainty);

}  // namespace remora::emit
