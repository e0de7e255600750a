#include "daemon/emit/assistance_message.h"

#include <algorithm>

#include "daemon/emit/session_message.h"

namespace remora::emit {
namespace {

v1::ControlParty::Role role(session::ControlRole role) {
  return role == session::ControlRole::kExpert ? v1::ControlParty::EXPERT
                                               : v1::ControlParty::NOVICE;
}

}  // namespace

void fill(const session::ControlStarted& from, v1::ControlStarted& to) {
  fill(from.start, *to.mutable_start());
  to.set_by(from.by);
  to.set_role(v1::ControlParty::EXPERT);
}

void fill(const session::ControlEnded& from, v1::ControlEnded& to) {
  fill(from.start, *to.mutable_start());
  fill(from.end, *to.mutable_end());
  fill_duration(std::max(from.end, from.start) - from.start, *to.mutable_duration());
  to.set_by(from.by);
  if (from.role.has_value()) { to.set_role(role(*from.role)); }
}

}  // namespace remora::emit
