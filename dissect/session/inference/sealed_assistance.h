#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/frame.h"
#include "dissect/observation/assistance.h"
#include "dissect/session/session_event.h"

namespace remora::session {

/// What a session has sent so far: the difference between two moments shows input and pictures.
struct PayloadSoFar {
  std::uint64_t expert{0};  ///< bytes
  std::uint64_t novice{0};
};

/// Something concluded, and how firmly.
struct Conclusion {
  Instant at;  ///< of the message that shows it
  Happening what;
  const char* rule{""};  ///< a literal
  double confidence{1.0};
  const char* note{""};  ///< a literal
};

/// Reads the lengths of the encrypted messages of Remote Assistance (protocols-ra.md 4.6). Standard
/// RDP Security leaves channel ids in the clear and RC4 does not pad, so that every message shows
/// its length; the sizes follow from [MS-RA] 2.2 and [MS-RDPEMC] 2.2.
///
///   opening: novice 26 (which some leave out), 34; expert 34 (version 1) or 58, 26 (version 2);
///     expert > 150: a proof; novice 30: known or let in, as `Admission` tells them apart
///   let in ── and then pictures ──► accepted; ── and then nothing ──► refused
///   a proof ── and then a screen and the end, without an answer ──► accepted
///   expert 86 ── novice 72 within two minutes ── and then input ──► control, until novice 78, 66,
///     or expert 82, 70, or the end; a request that is not answered, and then given back, likewise
///   a file: sender ≥ 160, receiver 24 and the header, sender's blocks, sender 24 and the header
///
/// Nothing is concluded before the opening was seen in exactly these sizes: that shows that the
/// channel is not compressed. State: constant.
class SealedAssistance {
 public:
  /// Conclusions are appended to `out`.
  void on_message(const observation::SealedAssistance& message, bool by_expert, Instant at,
                  PayloadSoFar so_far, std::vector<Conclusion>& out);
  /// Time has passed: what was awaited may have come.
  void on_progress(PayloadSoFar so_far, std::vector<Conclusion>& out);
  /// The session is over.
  void on_end(Instant at, PayloadSoFar so_far, std::vector<Conclusion>& out);

  /// A RESULT of the novice was seen, and no picture after it.
  [[nodiscard]] bool refused(PayloadSoFar so_far) const;
  /// The opening was seen in exactly its sizes.
  [[nodiscard]] bool understood() const { return announced_ && versioned_ && answered_; }

 private:
  struct Mark {
    Instant at;
    PayloadSoFar so_far;
  };
  /// A file on its way, or what may become one.
  struct File {
    enum class Step : std::uint8_t { kNone, kOffered, kAnswered, kMoving };
    Step step{Step::kNone};
    bool by_expert{false};
    Instant offered;
    Instant answered;
    std::uint64_t header{0};  ///< bytes before those of the file, in each message
    std::uint64_t bytes{0};
    std::uint64_t blocks{0};
  };

  void on_opening(std::uint64_t bytes, bool by_expert, Mark mark);
  void on_control(std::uint64_t bytes, bool by_expert, Mark mark, std::vector<Conclusion>& out);
  void on_participants(std::uint64_t bytes, bool by_expert, Mark mark,
                       std::vector<Conclusion>& out);
  void on_file(const observation::SealedAssistance& message, bool by_expert, Mark mark,
               std::vector<Conclusion>& out);
  void end_control(Instant at, std::optional<ControlRole> role, std::vector<Conclusion>& out);
  void end_file(Instant at, FileResult result, std::vector<Conclusion>& out);
  void confirm(PayloadSoFar so_far, std::vector<Conclusion>& out);
  void presume_acceptance(PayloadSoFar so_far, std::vector<Conclusion>& out);
  void presume_control(Mark end, std::optional<ControlRole> role, std::vector<Conclusion>& out);

  // The opening.
  bool announced_{false};
  bool versioned_{false};
  bool answered_{false};
  bool newer_{false};  ///< version 2
  bool compressible_{false};
  std::uint32_t proofs_{0};
  std::uint32_t results_{0};
  std::optional<Mark> last_proof_;
  std::optional<Mark> let_in_;       ///< the RESULT that lets in, until pictures follow
  std::uint64_t said_since_{0};      ///< bytes of what the novice said on the channels since then
  std::optional<Mark> last_result_;  ///< of any kind, before that
  bool accepted_{false};

  std::optional<Mark> asked_;      ///< for control; until it is answered
  std::optional<Mark> granted_;    ///< until input follows
  std::optional<Moment> control_;  ///< since when the expert has it
  bool by_participants_{false};    ///< control was concluded from the multiparty channel
  std::uint64_t own_order_{0};     ///< size of the order that made the expert a participant

  File file_;
};

}  // namespace remora::session
