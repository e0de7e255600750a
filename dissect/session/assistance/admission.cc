#include "dissect/session/assistance/admission.h"

namespace remora::session {

using observation::AssistanceMessage;

namespace {

// SAFERROR_SHADOWEND_BASE and _UNKNOWN, [MS-RA] 2.2.6.
constexpr std::uint32_t kShadowEndBase = 300;
constexpr std::uint32_t kShadowEndUnknown = 302;

}  // namespace

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
    case Kind::kAuthenticate:
      proof_heard_ = proof_heard_ || by_expert;
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
  // Only what was seen can end; the screen of a novice who agreed may change its resolution first.
  if (code >= kShadowEndBase && code <= kShadowEndUnknown) { return Verdict::kOpen; }
  if (code != 0) { return conclude(Verdict::kRefused); }
  ++good_results_;
  const bool first_version = hears_expert_ ? !newer_ : !multiparty_;
  // Who asks before the first answer, as FreeRDP does, still gets two.
  if (good_results_ >= 2 || (first_version && asked_to_see_ && !proof_heard_)) {
    return conclude(Verdict::kAccepted);
  }
  awaits_view_ = awaits_view_ || !first_version;
  return Verdict::kOpen;
}

Admission::Verdict Admission::on_participant(const observation::ParticipantSeen& participant,
                                             bool by_expert) {
  spoken_ = true;
  if (by_expert) { return Verdict::kOpen; }
  // What follows about the expert itself need not say again that it is.
  if (participant.is_receiver) { own_ = participant.id; }
  if (own_ != participant.id || !participant.may_view) { return Verdict::kOpen; }
  return conclude(Verdict::kAccepted);
}

Admission::Verdict Admission::on_graphics(bool by_expert) {
  shown_unanswered_ = shown_unanswered_ || (!by_expert && proven_ && good_results_ == 0);
  return by_expert || !awaits_view_ ? Verdict::kOpen : conclude(Verdict::kAccepted);
}

}  // namespace remora::session
