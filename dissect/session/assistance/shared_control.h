#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/time.h"
#include "dissect/observation/observation.h"
#include "dissect/session/session_event.h"

namespace remora::session {

/// Who controls the novice's machine, [MS-RA] 3.15, 3.16 and [MS-RDPEMC] 2.2.4 (protocols-ra.md
/// 4.2):
///
///   viewing ── the expert asks ──► asked ── granted ──► controlling
///   asked ── refused, or withdrawn ──► viewing
///   controlling ── given back, taken back, the participant leaves, the session ends ──► viewing
///
/// Some programs never answer: an expert that asked, was not refused and gives control back had it,
/// as far as anybody can tell.
///
/// Of several participants only the one who is this session's expert counts. State: constant.
class SharedControl {
 public:
  /// What followed from an observation.
  struct Change {
    enum class What : std::uint8_t {
      kNothing,
      kStarted,
      kEnded,
      kGivenBackUnanswered,  ///< asked for at `start`, and given back, without an answer
      kLeftUnanswered,       ///< asked for at `start`, and the session ended
    };
    What what{What::kNothing};
    Moment start;                     ///< of the control that starts or ended
    std::optional<ControlRole> role;  ///< who ended it, where that is known
    bool unasked{false};              ///< granted though nobody had asked
  };

  /// `hears_expert`: what the expert says can be read, so that its silence means something.
  [[nodiscard]] Change on_command(const observation::AssistanceCommand& command, bool by_expert,
                                  bool hears_expert, Moment at);
  [[nodiscard]] Change on_participant(const observation::ParticipantSeen& participant,
                                      bool by_expert, bool hears_expert, Moment at);
  [[nodiscard]] Change on_left(const observation::ParticipantLeft& left, bool by_expert);
  [[nodiscard]] Change on_level(const observation::ControlLevel& level, bool by_expert,
                                bool hears_expert, Moment at);
  /// A side says good-bye, or the session is over.
  [[nodiscard]] Change on_end(std::optional<ControlRole> role);

  [[nodiscard]] bool controlling() const { return state_ == State::kControlling; }

 private:
  enum class State : std::uint8_t { kViewing, kAsked, kControlling };

  [[nodiscard]] Change grant(bool hears_expert, Moment at);
  [[nodiscard]] Change end(std::optional<ControlRole> role);
  void ask(Moment at);
  void refuse();

  State state_{State::kViewing};
  Moment start_;                      ///< since when it was asked for, or held
  std::optional<std::uint32_t> own_;  ///< the participant who is this session's expert
};

}  // namespace remora::session
