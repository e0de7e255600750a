#include "dissect/session/assistance/admission.h"

namespace remora::session {

using observation::AssistanceMessage;

Admission::Verdict Admission::conclude(Verdict verdict) {
  if (verdict_ != Verdict::kOpen) { return Verdict::kOpen; }
  verdict_ = verdict;
  return verdict;
}

Admission::Verdict Admission::on_message(const AssistanceMessage& message, bool by_expert) {
  using Kind = AssistanceMessage::Kind;
  spoken_ = true;
  hears_expert_ = hears_expert_ || by_expert;
  switch (message.kind) {
    case Kind::kVerifyPassword:
      proven_ = proven_ || by_expert;
      [[fallthrough]];
    case Kind::kExpertOnVista:
      newer_ = newer_ || by_expert;
      break;
    case Kind::kRemoteControlDesktop:
      asked_to_see_ = asked_to_see_ || by_expert;
      break;
    case Kind::kToken:
      (by_expert ? expert_token_ : novice_token_) = true;
      newer_ = true;
      awaits_view_ = expert_token_ && novice_token_;
      break;
    case Kind::kResult:
      if (message.result.has_value()) { return on_result(message.result->code); }
      break;
    default:
      break;
  }
  return Verdict::kOpen;
}

Admission::Verdict Admission::on_result(std::uint32_t code) {
  if (code != 0) { return conclude(Verdict::kRefused); }
  ++good_results_;
  const bool first_version = hears_expert_ ? !newer_ : !multiparty_;
  if (good_results_ >= 2 || (first_version && asked_to_see_)) {
    return conclude(Verdict::kAccepted);
  }
  awaits_view_ = awaits_view_ || !first_version;
  return Verdict::kOpen;
}

Admission::Verdict Admission::on_participant(const observation::ParticipantSeen& participant,
                                             bool by_expert) {
  spoken_ = true;
  if (by_expert || !participant.is_receiver || !participant.may_view) { return Verdict::kOpen; }
  return conclude(Verdict::kAccepted);
}

Admission::Verdict Admission::on_graphics(bool by_expert) {
  shown_unanswered_ = shown_unanswered_ || (!by_expert && proven_ && good_results_ == 0);
  return by_expert || !awaits_view_ ? Verdict::kOpen : conclude(Verdict::kAccepted);
}

}  // namespace remora::session
