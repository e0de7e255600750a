#include "dissect/session/inference/sealed_assistance.h"

#include <chrono>
#include <utility>

#include "dissect/session/inference/estimates.h"

namespace remora::session {
namespace {

// Sizes of messages with their channel's header in its short form, protocols-ra.md 4.6.
constexpr std::uint64_t kAnnounce = 26;  // and empty EXPERT_ON_VISTA, DISCONNECT, ISCONNECTED
constexpr std::uint64_t kResult = 30;
constexpr std::uint64_t kVersion = 34;
constexpr std::uint64_t kSmallestProof = 150;
constexpr std::uint64_t kEscape = 66;           // ESCRC
constexpr std::uint64_t kAbort = 70;            // ABORTRC
constexpr std::uint64_t kAnswerToAsking = 72;   // ACCEPTRC, REJECTRC, DENIEDRC
constexpr std::uint64_t kDeniedWithBlank = 74;  // "DENIEDRC ", as the text prints it
constexpr std::uint64_t kTakeControl = 78;      // TAKECONTROL
constexpr std::uint64_t kEndControl = 82;       // REMOTECTRLEND
constexpr std::uint64_t kAskForControl = 86;    // REMOTECTRLSTART
constexpr std::uint64_t kSmallestOffer = 160;   // FILEXFER with a name of one character
constexpr std::uint64_t kWord = 24;             // FILEXFERACK, FILEXFEREND
constexpr std::uint64_t kShortestHeader = 20;   // of RA_FX
constexpr std::uint64_t kLongestHeader = 72;
constexpr std::uint64_t kBlock = 1024;          // of versions 2 and 3, [MS-RA] 3.9.5
constexpr std::uint64_t kLevelRequest = 10;     // OD_PARTICIPANT_CTRL_CHANGE
constexpr std::uint64_t kOverhead = 34;         // of RDP and TPKT around a message, encrypted
constexpr std::uint64_t kSmallestCreated = 16;  // OD_PARTICIPANT_CREATED without a name

/// A novice answers within that, or nobody waits any more.
constexpr Nanoseconds kAnswerWithin = std::chrono::minutes{2};
/// More than a novice says before it decides.
constexpr std::uint64_t kScreenBytes = 4096;

constexpr double kConfidenceInAcceptance = 0.9;
/// Of version 2: the answer to the proof comes before the user is asked, [MS-RA] 3.6 figure 6.
constexpr double kConfidenceInLaterAcceptance = 0.7;
constexpr double kConfidenceInControl = 0.9;
constexpr double kConfidenceInEndOfControl = 0.85;
constexpr double kConfidenceByParticipants = 0.7;
constexpr double kConfidenceInFile = 0.85;
constexpr double kConfidenceInSmallFile = 0.6;
/// Taken off where the client asked for compression: that some messages have their own sizes shows
/// that those are not compressed.
constexpr double kDoubt = 0.05;

constexpr const char* kNote = "lengths of encrypted messages";
constexpr const char* kNoteOfEarliest =
    "lengths of encrypted messages; a screen followed, and the user agreed no earlier than this";

}  // namespace

void SealedAssistance::on_message(const observation::SealedAssistance& message, bool by_expert,
                                  Instant at, PayloadSoFar so_far, std::vector<Conclusion>& out) {
  using Channel = observation::SealedAssistance::Channel;
  const Mark mark{.at = at, .so_far = so_far};
  compressible_ = compressible_ || message.compressible;
  if (!by_expert) { said_since_ += message.bytes + message.messages * kOverhead; }
  if (message.channel == Channel::kParticipants) {
    on_participants(message.bytes, by_expert, mark, out);
    return;
  }
  on_opening(message.bytes, by_expert, mark);
  if (!understood()) { return; }
  confirm(so_far, out);
  on_control(message.bytes, by_expert, mark, out);
  on_file(message, by_expert, mark, out);
}

void SealedAssistance::on_opening(std::uint64_t bytes, bool by_expert, Mark mark) {
  if (accepted_ || let_in_.has_value()) { return; }
  if (!by_expert) {
    // SPEC: FreeRDP's novice does not announce itself.
    announced_ = announced_ || bytes == kAnnounce || bytes == kVersion;
    versioned_ = versioned_ || bytes == kVersion;
    if (bytes != kResult || !understood() || proofs_ == 0) { return; }
    ++results_;
    last_result_ = mark;
    // Version 1: the first says that the ticket is known, unless the expert asked at once.
    if (newer_ || results_ >= 2 || proofs_ >= 2) {
      let_in_ = mark;
      said_since_ = 0;
    }
    return;
  }
  if (!announced_) { return; }
  if (!answered_) {
    // Version 2 begins with a proof whose size depends on the ticket's PassStub, version 1 does
    // not.
    answered_ = true;
    newer_ = bytes != kVersion;
  } else if (bytes > kSmallestProof) {
    ++proofs_;
    last_proof_ = mark;
  }
}

/// Pictures after the novice's consent, input after the grant.
void SealedAssistance::confirm(PayloadSoFar so_far, std::vector<Conclusion>& out) {
  // While the user is asked, lists and signs of life may come.
  if (let_in_.has_value() &&
      so_far.novice >= let_in_->so_far.novice + said_since_ + kPictureBytes) {
    accepted_ = true;
    out.push_back({.at = let_in_->at,
                   .what = Accepted{.by = Accepted::By::kAssistance},
                   .rule = "infer.assistance.accepted",
                   .confidence = (newer_ ? kConfidenceInLaterAcceptance : kConfidenceInAcceptance) -
                                 (compressible_ ? kDoubt : 0.0),
                   .note = newer_ ? kNoteOfEarliest : kNote});
    let_in_.reset();
  }
  if (granted_.has_value() && so_far.expert >= granted_->so_far.expert + kInputBytes) {
    control_ = granted_->at.time;
    out.push_back(
        {.at = granted_->at,
         .what = ControlStarted{.start = *control_, .by = {}},
         .rule = "infer.assistance.control",
         .confidence = by_participants_ ? kConfidenceByParticipants : kConfidenceInControl,
         .note = kNote});
    granted_.reset();
  }
}

/// FreeRDP's novice shows its screen before it answers; a session may be over by then.
void SealedAssistance::presume_acceptance(PayloadSoFar so_far, std::vector<Conclusion>& out) {
  if (!understood() || accepted_ || results_ > 0 || !last_proof_.has_value() ||
      so_far.novice < last_proof_->so_far.novice + kScreenBytes) {
    return;
  }
  accepted_ = true;
  out.push_back({.at = last_proof_->at,
                 .what = Accepted{.by = Accepted::By::kAssistance},
                 .rule = "infer.assistance.accepted",
                 .confidence = kConfidenceInUnanswered,
                 .note = "a screen followed the proof, and no answer"});
}

void SealedAssistance::end_control(Instant at, std::optional<ControlRole> role,
                                   std::vector<Conclusion>& out) {
  granted_.reset();
  asked_.reset();
  if (!control_.has_value()) { return; }
  out.push_back(
      {.at = at,
       .what = ControlEnded{.start = *control_, .end = at.time, .by = {}, .role = role},
       .rule = "infer.assistance.control",
       .confidence = by_participants_ ? kConfidenceByParticipants : kConfidenceInEndOfControl,
       .note = kNote});
  control_.reset();
}

/// Asked for, never answered, and then given back or left.
void SealedAssistance::presume_control(Mark end, std::optional<ControlRole> role,
                                       std::vector<Conclusion>& out) {
  const auto asked = std::exchange(asked_, std::nullopt);
  const auto needed = role.has_value() ? kInputBeforeGivingBack : kInputBytes;
  if (!understood() || end.so_far.expert < asked->so_far.expert + needed) { return; }
  const auto start = asked->at.time;
  out.push_back({.at = asked->at,
                 .what = ControlStarted{.start = start, .by = {}},
                 .rule = "infer.assistance.control_unanswered",
                 .confidence = kConfidenceInUnanswered,
                 .note = kNote});
  out.push_back({.at = end.at,
                 .what = ControlEnded{.start = start, .end = end.at.time, .by = {}, .role = role},
                 .rule = "infer.assistance.control_unanswered",
                 .confidence = kConfidenceInUnanswered,
                 .note = kNote});
}

void SealedAssistance::on_control(std::uint64_t bytes, bool by_expert, Mark mark,
                                  std::vector<Conclusion>& out) {
  if (by_expert) {
    if (bytes == kAskForControl && !control_.has_value()) {
      asked_ = mark;
      granted_.reset();
    }
    if (bytes == kEndControl || bytes == kAbort) {
      end_control(mark.at, ControlRole::kExpert, out);
    }
    return;
  }
  if (bytes == kAnswerToAsking && asked_.has_value() &&
      mark.at.time <= asked_->at.time + kAnswerWithin) {
    granted_ = mark;
    by_participants_ = false;
    asked_.reset();
  }
  if (bytes == kDeniedWithBlank) { asked_.reset(); }
  if (bytes == kTakeControl || bytes == kEscape) {
    end_control(mark.at, ControlRole::kNovice, out);
  }
}

/// The multiparty channel: the order that lists the expert comes again when its rights change.
void SealedAssistance::on_participants(std::uint64_t bytes, bool by_expert, Mark mark,
                                       std::vector<Conclusion>& out) {
  confirm(mark.so_far, out);
  if (by_expert) {
    if (bytes != kLevelRequest) { return; }
    if (control_.has_value() && by_participants_) {
      end_control(mark.at, ControlRole::kExpert, out);
    } else if (asked_.has_value()) {
      presume_control(mark, ControlRole::kExpert, out);
    } else {
      asked_ = mark;
    }
    return;
  }
  if (own_order_ == 0) {
    if (bytes >= kSmallestCreated) { own_order_ = bytes; }
    return;
  }
  if (bytes != own_order_) { return; }
  if (asked_.has_value() && mark.at.time <= asked_->at.time + kAnswerWithin) {
    if (understood()) {
      granted_ = mark;
      by_participants_ = true;
    }
    asked_.reset();
  } else if (control_.has_value() && by_participants_) {
    end_control(mark.at, ControlRole::kNovice, out);
  }
}

void SealedAssistance::end_file(Instant at, FileResult result, std::vector<Conclusion>& out) {
  const bool sure = file_.blocks > 1;
  const auto confidence = sure ? kConfidenceInFile : kConfidenceInSmallFile;
  FileTransfer file{.start = file_.offered.time, .to_server = file_.by_expert};
  out.push_back({.at = file_.offered,
                 .what = FileTransferStarted{.file = file},
                 .rule = "infer.assistance.file",
                 .confidence = confidence,
                 .note = kNote});
  file.end = at.time;
  file.result = result;
  file.transferred = file_.bytes;
  if (result == FileResult::kCompleted) { file.size = file_.bytes; }
  out.push_back({.at = at,
                 .what = FileTransferEnded{.file = file},
                 .rule = "infer.assistance.file",
                 .confidence = confidence,
                 .note = kNote});
  file_ = {};
}

/// An offer and an answer look like chat; a file is told once its end shows that it was one.
void SealedAssistance::on_file(const observation::SealedAssistance& message, bool by_expert,
                               Mark mark, std::vector<Conclusion>& out) {
  using Step = File::Step;
  const auto bytes = message.bytes;
  const bool by_sender = by_expert == file_.by_expert;
  const bool moving = file_.step == Step::kAnswered || file_.step == Step::kMoving;
  if (moving && by_sender) {
    if (file_.step == Step::kMoving && bytes == file_.header + kWord) {
      end_file(mark.at, FileResult::kCompleted, out);
    } else if (bytes >= file_.header) {
      file_.step = Step::kMoving;
      file_.bytes += (bytes - file_.header) * message.messages;
      file_.blocks += message.messages;
    }
    return;
  }
  if (file_.step == Step::kOffered && !by_sender && bytes >= kShortestHeader + kWord &&
      bytes <= kLongestHeader + kWord) {
    file_.step = Step::kAnswered;
    file_.header = bytes - kWord;
    file_.answered = mark.at;
    return;
  }
  if (!moving && accepted_ && bytes >= kSmallestOffer && bytes < kBlock) {
    file_ = {.step = Step::kOffered, .by_expert = by_expert, .offered = mark.at, .answered = {}};
  }
}

void SealedAssistance::on_progress(PayloadSoFar so_far, std::vector<Conclusion>& out) {
  if (understood()) { confirm(so_far, out); }
}

void SealedAssistance::on_end(Instant at, PayloadSoFar so_far, std::vector<Conclusion>& out) {
  on_progress(so_far, out);
  presume_acceptance(so_far, out);
  if (asked_.has_value() && !control_.has_value()) {
    presume_control({.at = at, .so_far = so_far}, std::nullopt, out);
  }
  end_control(at, std::nullopt, out);
  if (file_.step == File::Step::kMoving && file_.blocks > 1) {
    end_file(at, FileResult::kAborted, out);
  }
}

bool SealedAssistance::refused(PayloadSoFar so_far) const {
  return !accepted_ && last_result_.has_value() &&
         so_far.novice < last_result_->so_far.novice + kPictureBytes;
}

}  // namespace remora::session
