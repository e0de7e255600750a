#pragma once

#include <cstdint>
#include <optional>

#include "dissect/observation/observation.h"

namespace remora::session {

/// Whether the novice let the expert in, from what both say on the channels ([MS-RA] 3.3 to 3.8,
/// protocols-ra.md 3.6):
///
///   version 1: announced ── proof ──► RESULT 0: known ── asks to see ──► RESULT 0: accepted
///   version 2: announced ── proof ──► RESULT 0: known ── a participant who may view, or the first
///              picture ──► accepted
///   version 3: tokens of both ── likewise ──► accepted
///   any other RESULT before that: refused
///
/// Where the expert's half is encrypted (level LOW), the novice's alone has to do: a second RESULT
/// 0, or version 2 where the multiparty channel was asked for. State: constant.
class Admission {
 public:
  enum class Verdict : std::uint8_t { kOpen, kAccepted, kRefused };

  void expect_multiparty() { multiparty_ = true; }

  // Each gives the verdict that follows at once; kOpen where nothing follows, or it is known.
  [[nodiscard]] Verdict on_message(const observation::AssistanceMessage& message, bool by_expert);
  [[nodiscard]] Verdict on_participant(const observation::ParticipantSeen& participant,
                                       bool by_expert);
  [[nodiscard]] Verdict on_graphics(bool by_expert);

  /// Something of it was read.
  [[nodiscard]] bool spoken() const { return spoken_; }
  /// Something that the expert said was read: what it does not say is not said.
  [[nodiscard]] bool hears_expert() const { return hears_expert_; }
  [[nodiscard]] Verdict verdict() const { return verdict_; }
  /// The novice shows its screen to an expert whose proof it has not answered, as FreeRDP's does.
  [[nodiscard]] bool shows_unanswered() const {
    return verdict_ == Verdict::kOpen && shown_unanswered_ && good_results_ == 0;
  }

 private:
  [[nodiscard]] Verdict on_result(std::uint32_t code);
  [[nodiscard]] Verdict conclude(Verdict verdict);

  Verdict verdict_{Verdict::kOpen};
  std::uint32_t good_results_{0};
  bool multiparty_{false};
  bool spoken_{false};
  bool hears_expert_{false};
  bool newer_{false};         ///< the expert speaks version 2 or 3
  bool asked_to_see_{false};  ///< version 1
  bool awaits_view_{false};   ///< the proof was good; what is left is that something is seen
  bool proven_{false};        ///< version 2: the expert gave its proof
  bool proof_heard_{false};   ///< version 1: the same
  bool shown_unanswered_{false};
  bool expert_token_{false};  ///< version 3
  bool novice_token_{false};
  std::optional<std::uint32_t>
      own_{};  ///< the expert among the participants, [MS-RDPEMC] 3.2.5.2.1
};

}  // namespace remora::session
