#include "dissect/assistance/file_channel.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "dissect/encoding/digest.h"
#include "tests/dissect/assistance/messages.h"

namespace remora::assistance {
namespace {

using observation::FileStep;
using testing::utf16;
using testing::utf16z;

constexpr auto kExpert = Side::kInitiator;
constexpr auto kNovice = Side::kAcceptor;

class RaFx : public ::testing::Test {
 protected:
  std::string say(Side from, const testing::Bytes& message) {
    Findings out;
    file_.on_message(from, message, {}, out);
    return told(out);
  }
  std::string say(Side from, std::string_view text) {
    const auto bytes = as_bytes(text);
    return say(from, testing::Bytes(bytes.begin(), bytes.end()));
  }
  /// "accepted@0 by expert "; a digest is compared with that of `content_`
  std::string told(const Findings& out) {
    std::string text;
    for (const auto& finding : out.found()) {
      const auto& step = std::get<FileStep>(finding.what);
      static constexpr std::string_view kWords[] = {"accepted", "rejected", "ended", "progress"};
      text += kWords[static_cast<std::size_t>(step.kind)];
      text += step.bytes.has_value() ? '@' + std::to_string(*step.bytes) : "@?";
      text += finding.from == kExpert ? " by expert " : " by novice ";
      if (step.sha256.has_value()) {
        text += *step.sha256 == encoding::sha256(as_bytes(content_)) ? "digest " : "wrong ";
      }
    }
    return text;
  }

  FileChannel file_{"RA_FX"};
  std::string content_;
};

TEST_F(RaFx, MovesAFile) {
  content_ = "hello";
  file_.on_offer(kExpert, 5);
  EXPECT_EQ(say(kNovice, utf16z("FILEXFERACK")), "accepted@0 by novice ");
  EXPECT_EQ(say(kExpert, "hel"), "progress@3 by expert ");
  EXPECT_EQ(say(kExpert, "lo"), "progress@5 by expert ");
  EXPECT_EQ(say(kExpert, utf16("FILEXFEREND")), "ended@5 by expert digest ");
  EXPECT_EQ(say(kExpert, "more"), "");
  EXPECT_TRUE(file_.over());
}

TEST_F(RaFx, MayHoldTheWordsOfTheProtocol) {
  const auto word = utf16("FILEXFEREND");
  content_ = as_text(word);
  file_.on_offer(kExpert, word.size());
  EXPECT_EQ(say(kNovice, utf16z("FILEXFERACK")), "accepted@0 by novice ");
  EXPECT_EQ(say(kExpert, word), "progress@22 by expert ");
  EXPECT_EQ(say(kExpert, utf16z("FILEXFEREND")), "ended@22 by expert digest ");
}

TEST_F(RaFx, IsRejectedByEither) {
  file_.on_offer(kNovice, 5);
  EXPECT_EQ(say(kExpert, utf16z("FILEXFERREJECT")), "rejected@0 by expert ");
  EXPECT_EQ(say(kExpert, utf16z("FILEXFERACK")), "");
  file_.on_offer(kNovice, 5);
  EXPECT_EQ(say(kExpert, utf16z("FILEXFERACK")), "accepted@0 by expert ");
  EXPECT_EQ(say(kNovice, "abc"), "progress@3 by novice ");
  EXPECT_EQ(say(kNovice, utf16z("FILEXFERREJECT")), "rejected@3 by novice ");
}

TEST_F(RaFx, TellsTheHalfThatIsReadable) {
  content_ = "hello";
  file_.on_offer(kNovice, 5);
  EXPECT_EQ(say(kNovice, "hello"), "accepted@0 by expert progress@5 by novice ");
  EXPECT_EQ(say(kNovice, utf16z("FILEXFEREND")), "ended@5 by novice digest ");
}

TEST_F(RaFx, TellsTheAnswerToAnOfferThatIsNotReadable) {
  EXPECT_EQ(say(kNovice, utf16z("FILEXFERACK")), "accepted@0 by novice ");
  EXPECT_EQ(say(kNovice, utf16z("FILEXFERREJECT")), "rejected@0 by novice ");
}

TEST_F(RaFx, IgnoresBytesFromTheReceiver) {
  file_.on_offer(kExpert, 5);
  EXPECT_EQ(say(kNovice, "abc"), "");
  EXPECT_EQ(say(kNovice, utf16z("FILEXFEREND")), "");
}

TEST_F(RaFx, HasNoCountAndNoDigestWithAHole) {
  file_.on_offer(kExpert, 5);
  EXPECT_EQ(say(kNovice, utf16z("FILEXFERACK")), "accepted@0 by novice ");
  file_.on_loss(kNovice);
  EXPECT_EQ(say(kExpert, "he"), "progress@2 by expert ");
  file_.on_loss(kExpert);
  EXPECT_EQ(say(kExpert, utf16z("FILEXFEREND")), "ended@? by expert ");
}

TEST_F(RaFx, TellsProgressSeldomOfALargeFile) {
  file_.on_offer(kExpert, 1 << 20);
  EXPECT_EQ(say(kNovice, utf16z("FILEXFERACK")), "accepted@0 by novice ");
  int told = 0;
  for (int block = 0; block < 1024; ++block) {
    told += say(kExpert, std::string(1024, 'x')).empty() ? 0 : 1;
  }
  EXPECT_GT(told, 16);
  EXPECT_LT(told, 120);
}

TEST(FileChannels, HaveNames) {
  for (const auto* const name : {"RA_FX", "1000.1164891600", "192.0.2.1.612009461"}) {
    EXPECT_TRUE(is_file_channel(name)) << name;
  }
  for (const auto* const name : {"", "70", "71", ".", "1.", ".1", "1000.x", "remdesk"}) {
    EXPECT_FALSE(is_file_channel(name)) << name;
  }
}

}  // namespace
}  // namespace remora::assistance
