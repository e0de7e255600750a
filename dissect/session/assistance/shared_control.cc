#include "dissect/session/assistance/shared_control.h"

#include <utility>

namespace remora::session {

using observation::AssistanceCommand;
using Change = SharedControl::Change;

Change SharedControl::grant(bool hears_expert, Moment at) {
  if (state_ == State::kControlling) { return {}; }
  const bool unasked = state_ == State::kViewing && hears_expert;
  state_ = State::kControlling;
  start_ = at;
  return {.what = Change::What::kStarted, .start = at, .role = {}, .unasked = unasked};
}

Change SharedControl::end(std::optional<ControlRole> role) {
  const auto was = std::exchange(state_, State::kViewing);
  if (was == State::kViewing) { return {}; }
  if (was == State::kControlling) {
    return {.what = Change::What::kEnded, .start = start_, .role = role};
  }
  if (role == ControlRole::kNovice) { return {}; }
  return {
      .what = role.has_value() ? Change::What::kGivenBackUnanswered : Change::What::kLeftUnanswered,
      .start = start_,
      .role = role};
}

void SharedControl::ask(Moment at) {
  if (state_ != State::kViewing) { return; }
  state_ = State::kAsked;
  start_ = at;
}

void SharedControl::refuse() {
  if (state_ == State::kAsked) { state_ = State::kViewing; }
}

Change SharedControl::on_command(const AssistanceCommand& command, bool by_expert,
                                 bool hears_expert, Moment at) {
  using Kind = AssistanceCommand::Kind;
  const auto kind = command.kind;
  // Each has one sender; out of sequence it is ignored, 3.15.5.
  if (by_expert) {
    if (kind == Kind::kControlAsked) { ask(at); }
    if (kind == Kind::kControlEnded || kind == Kind::kControlAborted) {
      return end(ControlRole::kExpert);
    }
    return {};
  }
  if (kind == Kind::kControlGranted) { return grant(hears_expert, at); }
  if (kind == Kind::kControlRefused || kind == Kind::kControlForbidden) { refuse(); }
  if (kind == Kind::kControlTaken || kind == Kind::kControlEscaped) {
    return end(ControlRole::kNovice);
  }
  return {};
}

Change SharedControl::on_participant(const observation::ParticipantSeen& participant,
                                     bool by_expert, bool hears_expert, Moment at) {
  if (by_expert) { return {}; }
  const bool is_new = participant.is_receiver && !own_.has_value();
  if (participant.is_receiver) { own_ = participant.id; }
  if (own_ != participant.id) { return {}; }
  // A host may let its guests in with that right.
  if (participant.may_interact) { return grant(hears_expert && !is_new, at); }
  refuse();
  // That the expert gave it back would have been heard.
  return end(hears_expert ? std::optional{ControlRole::kNovice} : std::nullopt);
}

Change SharedControl::on_left(const observation::ParticipantLeft& left, bool by_expert) {
  if (by_expert || own_ != left.id) { return {}; }
  return end(left.by_participant ? ControlRole::kExpert : ControlRole::kNovice);
}

Change SharedControl::on_level(const observation::ControlLevel& level, bool by_expert,
                               bool hears_expert, Moment at) {
  if (by_expert) {
    if (!level.interact) { return end(ControlRole::kExpert); }
    ask(at);
    return {};
  }
  if (level.reason.value_or(0) != 0) {
    refuse();
    return {};
  }
  return level.interact ? grant(hears_expert, at) : Change{};
}

/// Good-bye is no word about control: who leaves while nobody has answered gave nothing back.
Change SharedControl::on_end(std::optional<ControlRole> role) {
  return state_ == State::kAsked ? end(std::nullopt) : end(role);
}

}  // namespace remora::session
