#include "dissect/session/inference/sealed_assistance.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace remora::session {
namespace {

using std::chrono::seconds;
using Channel = observation::SealedAssistance::Channel;

class Sealed : public ::testing::Test {
 protected:
  void hear(bool by_expert, std::uint64_t bytes, std::uint64_t messages = 1,
            Channel channel = Channel::kControl) {
    ++second_;
    // What a message adds to the traffic of its side.
    (by_expert ? so_far_.expert : so_far_.novice) += bytes + 40;
    sealed_.on_message(
        {.channel = channel, .bytes = bytes, .messages = messages, .compressible = compressible_},
        by_expert, {.time = Moment{seconds{second_}}, .frame = FrameNumber{}}, so_far_, told_);
  }
  void expert(std::uint64_t bytes) { hear(true, bytes); }
  void novice(std::uint64_t bytes) { hear(false, bytes); }
  void open_xp() {
    novice(26);
    novice(34);
    expert(34);
    expert(700);
    novice(30);
    expert(300);
  }
  void pictures() { so_far_.novice += 5000; }
  void input() { so_far_.expert += 400; }
  void end() {
    sealed_.on_end({.time = Moment{seconds{++second_}}, .frame = FrameNumber{}}, so_far_, told_);
  }
  /// "accepted@7 control@9 end@12:novice file@13 completed:5000 "
  [[nodiscard]] std::string told() const {
    std::string text;
    for (const auto& conclusion : told_) {
      const auto when = '@' + std::to_string(conclusion.at.time.time_since_epoch() / seconds{1});
      if (std::holds_alternative<Accepted>(conclusion.what)) {
        text += "accepted" + when;
      } else if (std::holds_alternative<ControlStarted>(conclusion.what)) {
        text += "control" + when;
      } else if (const auto* over = std::get_if<ControlEnded>(&conclusion.what)) {
        text += "end" + when;
        if (over->role.has_value()) {
          text += *over->role == ControlRole::kNovice ? ":novice" : ":expert";
        }
      } else if (std::holds_alternative<FileTransferStarted>(conclusion.what)) {
        text += "file" + when;
      } else if (const auto* file = std::get_if<FileTransferEnded>(&conclusion.what)) {
        text += (file->file.result == FileResult::kCompleted ? "completed:" : "aborted:") +
                std::to_string(*file->file.transferred) + (file->file.to_server ? ">" : "<");
      }
      text += ' ';
    }
    return text;
  }

  SealedAssistance sealed_;
  PayloadSoFar so_far_;
  std::vector<Conclusion> told_;
  int second_{0};
  bool compressible_{false};
};

TEST_F(Sealed, TellsAcceptanceOnceSomethingIsShown) {
  open_xp();
  novice(30);
  EXPECT_EQ(told(), "");
  pictures();
  sealed_.on_progress(so_far_, told_);
  EXPECT_EQ(told(), "accepted@7 ");
  EXPECT_DOUBLE_EQ(told_[0].confidence, 0.9);
}

TEST_F(Sealed, TakesAScreenForConsentWhereTheEndCameBeforeTheAnswer) {
  novice(34);
  expert(60);
  expert(200);
  pictures();
  sealed_.on_progress(so_far_, told_);
  EXPECT_EQ(told(), "");
  end();
  EXPECT_EQ(told(), "accepted@3 ");
  EXPECT_DOUBLE_EQ(told_[0].confidence, 0.6);
}

TEST_F(Sealed, IsLessSureOfAChannelThatMayBeCompressed) {
  compressible_ = true;
  open_xp();
  novice(30);
  pictures();
  end();
  ASSERT_EQ(told(), "accepted@7 ");
  EXPECT_LT(told_[0].confidence, 0.9);
}

TEST_F(Sealed, TellsRefusalWhenNothingIsShown) {
  open_xp();
  novice(30);
  end();
  EXPECT_EQ(told(), "");
  EXPECT_TRUE(sealed_.refused(so_far_));
}

TEST_F(Sealed, DoesNotTakeTheFirstResultOfVersion1ForConsent) {
  open_xp();
  pictures();
  end();
  EXPECT_EQ(told(), "");
}

TEST_F(Sealed, KnowsVersion2) {
  novice(26);
  novice(34);
  expert(58);
  expert(200);
  novice(30);
  pictures();
  end();
  EXPECT_EQ(told(), "accepted@5 ");
}

TEST_F(Sealed, KnowsANoviceThatDoesNotAnnounceItself) {
  novice(34);
  expert(58);
  expert(208);
  novice(30);
  pictures();
  end();
  EXPECT_EQ(told(), "accepted@4 ");
}

TEST_F(Sealed, ConcludesNothingFromOtherSizes) {
  novice(21);
  novice(25);
  expert(24);
  expert(400);
  novice(30);
  pictures();
  expert(86);
  novice(72);
  input();
  end();
  EXPECT_EQ(told(), "");
  EXPECT_FALSE(sealed_.understood());
}

TEST_F(Sealed, TellsControlByTheInputThatFollows) {
  open_xp();
  novice(30);
  pictures();
  expert(86);  // 8
  novice(72);
  expert(86);  // 10: refused, asked again
  novice(72);
  input();
  novice(78);
  EXPECT_EQ(told(), "accepted@7 control@11 end@12:novice ");
  expert(86);
  novice(72);
  input();
  expert(82);
  EXPECT_EQ(told(), "accepted@7 control@11 end@12:novice control@14 end@15:expert ");
}

TEST_F(Sealed, EndsControlWithTheSession) {
  open_xp();
  novice(30);
  pictures();
  expert(86);
  novice(72);
  input();
  end();
  EXPECT_EQ(told(), "accepted@7 control@9 end@10 ");
}

TEST_F(Sealed, DoesNotTakeARefusalForControl) {
  open_xp();
  novice(30);
  pictures();
  expert(86);
  novice(72);
  end();
  EXPECT_EQ(told(), "accepted@7 ");
}

TEST_F(Sealed, TellsTheSizeOfAFile) {
  open_xp();
  novice(30);
  pictures();
  novice(180);           // 8: FILEXFER
  expert(44);            // FILEXFERACK on RA_FX
  novice(1044);          // 1,024 bytes
  hear(false, 1044, 3);  // and again, three times
  novice(20 + 904);      // the rest
  novice(44);            // FILEXFEREND
  EXPECT_EQ(told(), "accepted@7 file@8 completed:5000< ");
  EXPECT_DOUBLE_EQ(told_.back().confidence, 0.85);
}

TEST_F(Sealed, TellsAFileThatTheSessionCutsOff) {
  open_xp();
  novice(30);
  pictures();
  expert(180);
  novice(44);
  expert(1044);
  hear(true, 1044, 2);
  end();
  EXPECT_EQ(told(), "accepted@7 file@8 aborted:3072> ");
}

TEST_F(Sealed, TakesChatForNoFile) {
  open_xp();
  novice(30);
  pictures();
  expert(200);
  novice(60);
  expert(90);
  novice(200);
  end();
  EXPECT_EQ(told(), "accepted@7 ");
}

TEST_F(Sealed, TellsControlFromTheMultipartyChannel) {
  novice(26);
  novice(34);
  expert(58);
  expert(200);
  novice(30);
  hear(false, 34, 1, Channel::kParticipants);
  pictures();
  hear(true, 10, 1, Channel::kParticipants);
  hear(false, 34, 1, Channel::kParticipants);  // 8
  input();
  hear(true, 10, 1, Channel::kParticipants);
  EXPECT_EQ(told(), "accepted@5 control@8 end@9:expert ");
  EXPECT_DOUBLE_EQ(told_.back().confidence, 0.7);
}

TEST_F(Sealed, PresumesControlThatIsGivenBackWithoutAnAnswer) {
  novice(26);
  novice(34);
  expert(58);
  expert(200);
  novice(30);
  pictures();
  hear(true, 10, 1, Channel::kParticipants);
  so_far_.expert += 60;
  hear(true, 10, 1, Channel::kParticipants);
  EXPECT_EQ(told(), "accepted@5 control@6 end@7:expert ");
  EXPECT_DOUBLE_EQ(told_.back().confidence, 0.6);
  hear(true, 10, 1, Channel::kParticipants);
  hear(true, 10, 1, Channel::kParticipants);  // given up
  end();
  EXPECT_EQ(told(), "accepted@5 control@6 end@7:expert ");
}

TEST_F(Sealed, PresumesControlWithoutAnAnswerWhereInputFollows) {
  novice(34);
  expert(58);
  expert(200);
  novice(30);
  pictures();
  hear(true, 10, 1, Channel::kParticipants);
  input();
  end();
  EXPECT_EQ(told(), "accepted@4 control@5 end@6 ");
}

}  // namespace
}  // namespace remora::session
