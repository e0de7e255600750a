#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/session/assistance/admission.h"
#include "dissect/session/assistance/file_transfers.h"
#include "dissect/session/assistance/shared_control.h"

namespace remora::session {
namespace {

using observation::AssistanceCommand;
using observation::AssistanceMessage;
using observation::FileStep;
using std::chrono::seconds;

constexpr bool kExpert = true;
constexpr bool kNovice = false;

Moment at(int second) {
  return Moment{seconds{second}};
}

// -- Admission
// ---------------------------------------------------------------------------------------

using Verdict = Admission::Verdict;
using Kind = AssistanceMessage::Kind;

class Admitting : public ::testing::Test {
 protected:
  Verdict say(Kind kind, bool by_expert) {
    return admission_.on_message({.kind = kind}, by_expert);
  }
  Verdict result(std::uint32_t code) {
    return admission_.on_message(
        {.kind = Kind::kResult, .result = observation::NamedCode{.code = code, .name = {}}},
        kNovice);
  }
  static observation::ParticipantSeen participant(bool may_view, bool is_receiver) {
    return {.id = 1, .may_view = may_view, .is_receiver = is_receiver};
  }

  Admission admission_;
};

TEST_F(Admitting, AcceptsWithTheSecondResultOfVersion1) {
  (void)say(Kind::kServerAnnounce, kNovice);
  (void)say(Kind::kAuthenticate, kExpert);
  EXPECT_EQ(result(0), Verdict::kOpen);
  EXPECT_EQ(admission_.on_graphics(kNovice), Verdict::kOpen);  // of the desktop before
  (void)say(Kind::kRemoteControlDesktop, kExpert);
  EXPECT_EQ(result(0), Verdict::kAccepted);
  EXPECT_EQ(result(0), Verdict::kOpen);
}

TEST_F(Admitting, AcceptsAnExpertThatAsksAtOnce) {
  (void)say(Kind::kAuthenticate, kExpert);
  (void)say(Kind::kRemoteControlDesktop, kExpert);
  EXPECT_EQ(result(0), Verdict::kOpen);  // its proof is good
  EXPECT_EQ(result(0), Verdict::kAccepted);
}

TEST_F(Admitting, AcceptsAnExpertWhoseProofWasNotSeen) {
  (void)say(Kind::kRemoteControlDesktop, kExpert);
  EXPECT_EQ(result(0), Verdict::kAccepted);
}

TEST_F(Admitting, AcceptsAParticipantOfVersion2) {
  (void)say(Kind::kVerifyPassword, kExpert);
  EXPECT_EQ(result(0), Verdict::kOpen);
  EXPECT_EQ(admission_.on_participant(participant(false, true), kNovice), Verdict::kOpen);
  auto another = participant(true, false);
  another.id = 2;
  EXPECT_EQ(admission_.on_participant(another, kNovice), Verdict::kOpen);
  EXPECT_EQ(admission_.on_participant(participant(true, true), kExpert), Verdict::kOpen);
  EXPECT_EQ(admission_.on_participant(participant(true, true), kNovice), Verdict::kAccepted);
}

/// As in the captures of [MS-RDPEMC] 4.1.2.
TEST_F(Admitting, KnowsTheExpertByItsIdWhenItsLevelChanges) {
  EXPECT_EQ(admission_.on_participant(participant(false, true), kNovice), Verdict::kOpen);
  EXPECT_EQ(admission_.on_participant(participant(true, false), kNovice), Verdict::kAccepted);
}

TEST_F(Admitting, DoesNotTakeTheEndOfShadowingForARefusal) {
  EXPECT_EQ(result(301), Verdict::kOpen);
  EXPECT_EQ(result(41), Verdict::kRefused);
}

TEST_F(Admitting, AcceptsWithTheFirstPictureOfVersion2) {
  (void)say(Kind::kVerifyPassword, kExpert);
  EXPECT_EQ(admission_.on_graphics(kNovice), Verdict::kOpen);
  EXPECT_EQ(result(0), Verdict::kOpen);
  EXPECT_EQ(admission_.on_graphics(kExpert), Verdict::kOpen);
  EXPECT_EQ(admission_.on_graphics(kNovice), Verdict::kAccepted);
}

TEST_F(Admitting, NoticesAScreenBeforeAnyAnswer) {
  EXPECT_EQ(admission_.on_graphics(kNovice), Verdict::kOpen);
  (void)say(Kind::kVerifyPassword, kExpert);
  EXPECT_FALSE(admission_.shows_unanswered());
  EXPECT_EQ(admission_.on_graphics(kNovice), Verdict::kOpen);
  EXPECT_TRUE(admission_.shows_unanswered());
  EXPECT_EQ(result(41), Verdict::kRefused);
  EXPECT_FALSE(admission_.shows_unanswered());
}

TEST_F(Admitting, AcceptsWithTheFirstPictureAfterTokens) {
  (void)say(Kind::kToken, kNovice);
  EXPECT_EQ(admission_.on_graphics(kNovice), Verdict::kOpen);
  (void)say(Kind::kToken, kExpert);
  EXPECT_EQ(admission_.on_graphics(kNovice), Verdict::kAccepted);
}

TEST_F(Admitting, HearsOneHalfOfVersion1) {
  EXPECT_EQ(result(0), Verdict::kOpen);
  EXPECT_EQ(admission_.on_graphics(kNovice), Verdict::kOpen);
  EXPECT_EQ(result(0), Verdict::kAccepted);
  EXPECT_FALSE(admission_.hears_expert());
}

TEST_F(Admitting, HearsOneHalfOfVersion2) {
  admission_.expect_multiparty();
  EXPECT_EQ(result(0), Verdict::kOpen);
  EXPECT_EQ(admission_.on_graphics(kNovice), Verdict::kAccepted);
}

TEST_F(Admitting, RefusesWithAnyOtherResult) {
  EXPECT_FALSE(admission_.spoken());
  EXPECT_EQ(result(41), Verdict::kRefused);
  EXPECT_EQ(result(0), Verdict::kOpen);
  EXPECT_EQ(admission_.verdict(), Verdict::kRefused);
  EXPECT_TRUE(admission_.spoken());
}

// -- SharedControl
// -----------------------------------------------------------------------------------

using Change = SharedControl::Change;
using What = Change::What;
using Word = AssistanceCommand::Kind;

class Controlling : public ::testing::Test {
 protected:
  Change say(Word word, bool by_expert, int second = 0) {
    return control_.on_command({.kind = word}, by_expert, hears_expert_, at(second));
  }
  Change participant(bool may_interact, int second = 0, std::uint32_t id = 1, bool own = true) {
    return control_.on_participant(
        {.id = id, .may_view = true, .may_interact = may_interact, .is_receiver = own}, kNovice,
        hears_expert_, at(second));
  }
  Change level(bool interact, bool by_expert, int second = 0,
               std::optional<std::uint32_t> reason = {}) {
    return control_.on_level(
        {.participant = 1, .view = true, .interact = interact, .reason = reason}, by_expert,
        hears_expert_, at(second));
  }

  SharedControl control_;
  bool hears_expert_{true};
};

TEST_F(Controlling, IsAskedForGrantedAndTakenBack) {
  EXPECT_EQ(say(Word::kControlAsked, kExpert).what, What::kNothing);
  const auto started = say(Word::kControlGranted, kNovice, 5);
  EXPECT_EQ(started.what, What::kStarted);
  EXPECT_EQ(started.start, at(5));
  EXPECT_FALSE(started.unasked);
  const auto ended = say(Word::kControlTaken, kNovice, 9);
  EXPECT_EQ(ended.what, What::kEnded);
  EXPECT_EQ(ended.start, at(5));
  EXPECT_EQ(ended.role, ControlRole::kNovice);
}

TEST_F(Controlling, EndsInEveryWay) {
  for (const auto& [word, by_expert] : {std::pair{Word::kControlEscaped, kNovice},
                                        {Word::kControlEnded, kExpert},
                                        {Word::kControlAborted, kExpert}}) {
    (void)say(Word::kControlAsked, kExpert);
    (void)say(Word::kControlGranted, kNovice);
    const auto ended = say(word, by_expert);
    EXPECT_EQ(ended.what, What::kEnded);
    EXPECT_EQ(ended.role, by_expert ? ControlRole::kExpert : ControlRole::kNovice);
  }
  (void)say(Word::kControlAsked, kExpert);
  (void)say(Word::kControlGranted, kNovice);
  EXPECT_FALSE(control_.on_end(std::nullopt).role.has_value());
  EXPECT_EQ(control_.on_end(std::nullopt).what, What::kNothing);
}

TEST_F(Controlling, IsRefused) {
  (void)say(Word::kControlAsked, kExpert);
  EXPECT_EQ(say(Word::kControlRefused, kNovice).what, What::kNothing);
  EXPECT_TRUE(say(Word::kControlGranted, kNovice).unasked);
}

TEST_F(Controlling, IgnoresWordsFromTheWrongSide) {
  (void)say(Word::kControlAsked, kNovice);
  EXPECT_EQ(say(Word::kControlGranted, kExpert).what, What::kNothing);
  EXPECT_TRUE(say(Word::kControlGranted, kNovice).unasked);
  EXPECT_EQ(say(Word::kControlTaken, kExpert).what, What::kNothing);
  EXPECT_EQ(say(Word::kControlEnded, kNovice).what, What::kNothing);
}

TEST_F(Controlling, IsGrantedOnTheMultipartyChannel) {
  (void)participant(false);
  (void)level(true, kExpert);
  EXPECT_EQ(participant(true, 3).start, at(3));
  EXPECT_EQ(participant(true, 4).what, What::kNothing);
  EXPECT_EQ(participant(false, 5).role, ControlRole::kNovice);
  (void)level(true, kExpert);
  EXPECT_EQ(level(true, kNovice, 6, 0).what, What::kStarted);
  EXPECT_EQ(level(false, kExpert, 7).role, ControlRole::kExpert);
  EXPECT_EQ(participant(false, 8).what, What::kNothing);
}

TEST_F(Controlling, IsRefusedOnTheMultipartyChannel) {
  (void)participant(false);
  (void)level(true, kExpert);
  EXPECT_EQ(level(true, kNovice, 1, 5).what, What::kNothing);
  EXPECT_TRUE(participant(true).unasked);
}

TEST_F(Controlling, MayComeWithTheInvitation) {
  const auto change = participant(true);
  EXPECT_EQ(change.what, What::kStarted);
  EXPECT_FALSE(change.unasked);
}

TEST_F(Controlling, MayNeverBeAnswered) {
  (void)level(true, kExpert, 3);
  const auto back = level(false, kExpert, 5);
  EXPECT_EQ(back.what, What::kGivenBackUnanswered);
  EXPECT_EQ(back.start, at(3));
  EXPECT_EQ(back.role, ControlRole::kExpert);
  (void)level(true, kExpert, 7);
  EXPECT_EQ(control_.on_end(ControlRole::kExpert).what, What::kLeftUnanswered);
  EXPECT_EQ(control_.on_end(std::nullopt).what, What::kNothing);
}

TEST_F(Controlling, OfOthersIsNotThisSessions) {
  (void)participant(false);
  EXPECT_EQ(participant(true, 1, 2, false).what, What::kNothing);
  EXPECT_EQ(control_.on_left({.id = 2}, kNovice).what, What::kNothing);
}

TEST_F(Controlling, EndsWhenTheParticipantLeaves) {
  (void)participant(true);
  EXPECT_EQ(control_.on_left({.id = 1, .by_participant = true}, kNovice).role,
            ControlRole::kExpert);
}

TEST_F(Controlling, DoesNotBlameWhomItCannotHear) {
  hears_expert_ = false;
  (void)participant(false);
  EXPECT_FALSE(participant(true).unasked);
  EXPECT_FALSE(participant(false).role.has_value());
}

// -- FileTransfers
// -----------------------------------------------------------------------------------

class Transferring : public ::testing::Test {
 protected:
  void offer(bool by_expert, std::optional<std::uint64_t> size, const char* channel = "RA_FX") {
    files_.on_offer(
        {.kind = Word::kFileOffered, .file_name = "a.txt", .file_size = size, .channel = channel},
        by_expert, at(1), told_);
  }
  void step(FileStep::Kind kind, bool by_expert, std::optional<std::uint64_t> bytes = 0,
            int second = 2) {
    files_.on_step(
        {.kind = kind, .channel = "RA_FX", .bytes = bytes, .sha256 = observation::Sha256{}},
        by_expert, at(second), told_);
  }
  [[nodiscard]] const FileTransfer& ended() const {
    return std::get<FileTransferEnded>(told_.back()).file;
  }
  [[nodiscard]] std::string results() const {
    static constexpr const char* kWords[] = {"completed",   "refused", "incomplete", "by_sender",
                                             "by_receiver", "aborted", "no_response"};
    std::string text;
    for (const auto& told : told_) {
      const auto* over = std::get_if<FileTransferEnded>(&told);
      text += over == nullptr ? "started " : kWords[static_cast<std::size_t>(*over->file.result)];
      if (over != nullptr) { text += ' '; }
    }
    return text;
  }

  FileTransfers files_;
  std::vector<Happening> told_;
};

TEST_F(Transferring, Completes) {
  offer(kExpert, 5);
  step(FileStep::Kind::kAccepted, kNovice);
  step(FileStep::Kind::kProgress, kExpert, 5);
  step(FileStep::Kind::kEnded, kExpert, 5, 7);
  EXPECT_EQ(results(), "started completed ");
  EXPECT_EQ(ended().start, at(1));
  EXPECT_EQ(ended().end, at(7));
  EXPECT_EQ(ended().name, "a.txt");
  EXPECT_EQ(ended().size, 5U);
  EXPECT_EQ(ended().transferred, 5U);
  EXPECT_TRUE(ended().to_server);
  EXPECT_TRUE(ended().sha256.has_value());
}

TEST_F(Transferring, IsIncompleteWhereBytesAreMissing) {
  offer(kNovice, 5);
  step(FileStep::Kind::kAccepted, kExpert);
  step(FileStep::Kind::kEnded, kNovice, 4);
  EXPECT_EQ(results(), "started incomplete ");
  EXPECT_FALSE(ended().to_server);
  EXPECT_FALSE(ended().sha256.has_value());
}

TEST_F(Transferring, BlamesNobodyForWhatTheCaptureLacks) {
  offer(kExpert, 5);
  step(FileStep::Kind::kEnded, kExpert, std::nullopt);
  EXPECT_EQ(results(), "started completed ");
  EXPECT_FALSE(ended().transferred.has_value());
}

TEST_F(Transferring, IsBrokenOffByEither) {
  offer(kExpert, 5);
  step(FileStep::Kind::kRejected, kNovice);
  offer(kExpert, 5);
  step(FileStep::Kind::kAccepted, kNovice);
  step(FileStep::Kind::kRejected, kNovice, 3);
  offer(kExpert, 5);
  step(FileStep::Kind::kRejected, kExpert);
  EXPECT_EQ(results(), "started refused started by_receiver started by_sender ");
}

TEST_F(Transferring, EndsWithTheSession) {
  offer(kExpert, 5, "1000.1");
  offer(kNovice, 5);
  step(FileStep::Kind::kAccepted, kExpert);
  files_.on_end(at(9), told_);
  EXPECT_EQ(results(), "started started no_response aborted ");
}

TEST_F(Transferring, IsOneAtATime) {
  offer(kExpert, 5);
  offer(kExpert, 6);
  EXPECT_EQ(results(), "started no_response started ");
}

TEST_F(Transferring, IsKnownByItsHalf) {
  step(FileStep::Kind::kEnded, kExpert);
  step(FileStep::Kind::kRejected, kExpert);
  EXPECT_EQ(results(), "");
  step(FileStep::Kind::kAccepted, kNovice);
  step(FileStep::Kind::kEnded, kExpert, 7);
  EXPECT_EQ(results(), "started completed ");
  EXPECT_TRUE(ended().to_server);
  EXPECT_EQ(ended().size, 7U);
}

TEST_F(Transferring, HasALimit) {
  for (int i = 0; i < 20; ++i) { offer(kExpert, 5, ("1000." + std::to_string(i)).c_str()); }
  EXPECT_EQ(told_.size(), FileTransfers::kMaxOpen);
}

}  // namespace
}  // namespace remora::session
