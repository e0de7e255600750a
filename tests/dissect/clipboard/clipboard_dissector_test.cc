#include "dissect/clipboard/clipboard_dissector.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/clipboard/messages.h"
#include "tests/support/hex.h"
#include "tests/support/shared_file_words.h"

namespace remora::clipboard {
namespace {

using testing::operator+;
using namespace testing;  // the words of messages.h

std::string story(const std::vector<Said>& talk, const std::string& content = {},
                  std::size_t piece = 1U << 20U) {
  ClipboardDissector dissector;
  return words_of(hear(dissector, "cliprdr", talk, piece), content);
}

/// The client has these files on its clipboard, and the server knows them.
std::vector<Said> copied(const Bytes& descriptors, std::uint32_t count = 1) {
  return {capabilities(kServer, 0x3e), capabilities(kClient, 0x3e), offers_files(kClient),
          asks(kServer, kFiles), gives(kClient, u32(count) + descriptors)};
}
std::vector<Said> operator+(std::vector<Said> a, const std::vector<Said>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const std::string kContent = "The quick brown fox jumps over the lazy dog.";

std::vector<Said> pasting() {
  return copied(descriptor("File1.txt", 44)) +
         std::vector<Said>{
             asks_size(kServer, 0),          contents(kClient, u64(44)),
             asks_range(kServer, 0, 0, 20),  contents(kClient, text(kContent.substr(0, 20))),
             asks_range(kServer, 0, 20, 24), contents(kClient, text(kContent.substr(20)))};
}

TEST(Clipboard, TellsAFileThatIsPasted) {
  EXPECT_EQ(story(pasting(), kContent),
            "<- started 1 File1.txt 0 of 44\n"
            "<- progress 1 File1.txt 20 of 44\n"
            "<- ended 1 File1.txt 44 of 44 digest\n");
}

TEST(Clipboard, TellsTheSameHoweverMessagesAreCut) {
  const auto whole = story(pasting(), kContent);
  for (const std::size_t piece : {1U, 3U, 11U, 13U, 19U, 21U, 600U}) {
    EXPECT_EQ(story(pasting(), kContent, piece), whole) << piece;
  }
}

TEST(Clipboard, ReadsTheMessagesOfTheSpecification) {
  // [MS-RDPECLIP] 4.5.1, 4.5.3, 4.5.4 (shortened), 4.4.3 and 4.4.4.
  const auto list = u32(2) + descriptor("File1.txt", 44) + descriptor("File2.txt", 10);
  EXPECT_EQ(
      story({{kServer, hex("02000000 2e000000 79c00000 4600 6900 6c00 6500 4700 7200 6f00 7500"
                           "7000 4400 6500 7300 6300 7200 6900 7000 7400 6f00 7200 5700 0000")},
             {kClient, hex("04000000 04000000 79c00000")},
             {kServer, hex("05000100 a4040000") + list},
             {kClient, hex("08000000 18000000 02000000 00000000 01000000 00000000 00000000"
                           "08000000")},
             {kServer, hex("09000100 0c000000 02000000 2c000000 00000000")},
             {kClient, hex("08000000 18000000 02000000 00000000 02000000 00000000 00000000"
                           "00000100")},
             // 4.4.4.2, and the four bytes of Appendix A, note 1.
             {kServer, hex("09000100 30000000 02000000 54686520 71756963 6b206272 6f776e20 666f7820"
                           "6a756d70 73206f76 65722074 6865206c 617a7920 646f672e 00000000")}},
            kContent),
      "-> started 1 File1.txt 0 of 44\n"
      "-> ended 1 File1.txt 44 of 44 digest\n");
}

TEST(Clipboard, KnowsTheEndByLessThanWasAskedFor) {
  // xrdp asks for 8 KiB at once.
  EXPECT_EQ(
      story(copied(descriptor("a", {})) + std::vector<Said>{asks_range(kServer, 0, 0, 8192),
                                                            contents(kClient, text(kContent))},
            kContent),
      "<- started 1 a 0 of 44\n"
      "<- ended 1 a 44 of 44 digest\n");
}

TEST(Clipboard, HasNoDigestOfWhatCameOutOfOrder) {
  EXPECT_EQ(story(copied(descriptor("a", 6)) +
                  std::vector<Said>{
                      asks_range(kServer, 0, 3, 3, {}, 1), asks_range(kServer, 0, 0, 3, {}, 2),
                      contents(kClient, text("def"), 1), contents(kClient, text("abc"), 2)}),
            "<- started 1 a 0 of 6\n"
            "<- progress 1 a 3 of 6\n"
            "<- ended 1 a 6 of 6\n");
}

TEST(Clipboard, MatchesAnswersByTheirStream) {
  EXPECT_EQ(story(copied(descriptor("a", 3) + descriptor("b", 3), 2) +
                      std::vector<Said>{
                          asks_range(kServer, 0, 0, 3, {}, 1), asks_range(kServer, 1, 0, 3, {}, 2),
                          contents(kClient, text("BBB"), 2), contents(kClient, text("AAA"), 1),
                          contents(kClient, text("???"), 9)},
                  "AAA"),
            "<- started 1 b 0 of 3\n"
            "<- ended 1 b 3 of 3 WRONG\n"
            "<- started 2 a 0 of 3\n"
            "<- ended 2 a 3 of 3 digest\n");
}

TEST(Clipboard, TellsAFileThatIsPastedAgain) {
  EXPECT_EQ(
      story(copied(descriptor("a", 3)) +
                std::vector<Said>{asks_range(kServer, 0, 0, 3), contents(kClient, text("AAA")),
                                  // Its end once more is no second time.
                                  asks_range(kServer, 0, 2, 1), contents(kClient, text("A")),
                                  asks_range(kServer, 0, 0, 3), contents(kClient, text("AAA"))},
            "AAA"),
      "<- started 1 a 0 of 3\n"
      "<- ended 1 a 3 of 3 digest\n"
      "<- started 2 a 0 of 3\n"
      "<- ended 2 a 3 of 3 digest\n");
}

TEST(Clipboard, TellsAnEmptyFile) {
  EXPECT_EQ(story(copied(descriptor("a", 0)) +
                  std::vector<Said>{asks_size(kServer, 0), contents(kClient, u64(0))}),
            "");
  EXPECT_EQ(story(copied(descriptor("a", 0)) +
                  std::vector<Said>{asks_range(kServer, 0, 0, 100), contents(kClient, {})}),
            "<- started 1 a 0 of 0\n"
            "<- ended 1 a 0 of 0 digest\n");
}

TEST(Clipboard, PassesOverDirectories) {
  EXPECT_EQ(story(copied(descriptor("dir", 0, 0x10)) +
                  std::vector<Said>{asks_range(kServer, 0, 0, 100), contents(kClient, text("x")),
                                    asks_range(kServer, 0, 0, 100), no_contents(kClient)}),
            "");
}

TEST(Clipboard, SaysWhatFailed) {
  EXPECT_EQ(story(copied(descriptor("a", 6)) +
                  std::vector<Said>{asks_range(kServer, 0, 0, 3), contents(kClient, text("abc")),
                                    asks_range(kServer, 0, 3, 3), no_contents(kClient)}),
            "<- started 1 a 0 of 6\n"
            "<- progress 1 a 3 of 6\n"
            "<- ended 1 a 3 of 6 CB_RESPONSE_FAIL\n");
  EXPECT_EQ(story(copied(descriptor("a", 6)) +
                  std::vector<Said>{asks_size(kServer, 0), no_contents(kClient),
                                    asks_range(kServer, 0, 0, 3), no_contents(kClient)}),
            "<- refused a of 6 CB_RESPONSE_FAIL\n");
}

TEST(Clipboard, EndsFilesWithTheirList) {
  EXPECT_EQ(story(copied(descriptor("a", 6)) + std::vector<Said>{asks_range(kServer, 0, 0, 3),
                                                                 contents(kClient, text("abc")),
                                                                 offers_text(kClient)}),
            "<- started 1 a 0 of 6\n"
            "<- progress 1 a 3 of 6\n"
            "<- ended 1 a 3 of 6 cut_off\n");
}

TEST(Clipboard, KeepsListsThatAreLocked) {
  const auto talk = std::vector<Said>{
      offers_files(kClient), lock(kServer, 5), asks(kServer, kFiles),
      gives(kClient, u32(1) + descriptor("old", 6)), asks_range(kServer, 0, 0, 3, 5),
      contents(kClient, text("abc")),
      // Something else is copied, and the first goes on.
      offers_files(kClient), lock(kServer, 6), asks(kServer, kFiles),
      gives(kClient, u32(1) + descriptor("new", 1)), asks_range(kServer, 0, 3, 2, 5),
      contents(kClient, text("de")), asks_range(kServer, 0, 0, 1, 6), contents(kClient, text("N"))};
  const std::string told =
      "<- started 1 old 0 of 6\n"
      "<- progress 1 old 3 of 6\n"
      "<- progress 1 old 5 of 6\n"
      "<- started 2 new 0 of 1\n"
      "<- ended 2 new 1 of 1 digest\n";
  EXPECT_EQ(story(talk, "N"), told);
  EXPECT_EQ(story(talk + std::vector<Said>{unlock(kServer, 5)}, "N"),
            told + "<- ended 1 old 5 of 6 cut_off\n");
  EXPECT_EQ(story(talk + std::vector<Said>{asks_range(kServer, 0, 5, 1, 5),
                                           contents(kClient, text("f")), unlock(kServer, 5)},
                  "N"),
            told + "<- ended 1 old 6 of 6 WRONG\n");
}

TEST(Clipboard, ReadsNothingOfText) {
  // The same number, but it is not the list of files.
  EXPECT_EQ(story({offers_text(kClient), asks(kServer, 13),
                   gives(kClient, u32(1) + descriptor("marker", 1)), asks_range(kServer, 0, 0, 1),
                   contents(kClient, text("x"))}),
            "<- started 1  0\n"
            "<- progress 1  1\n");
}

TEST(Clipboard, HasShortNamesWhereOneSideWants) {
  auto name = utf16z("FileGroupDescri");
  name.resize(32);
  const Said formats{kClient, pdu(2, 0, u32(13) + Bytes(32) + u32(kFiles) + name)};
  EXPECT_EQ(story({capabilities(kServer, 0x3e), capabilities(kClient, 0x3c), formats,
                   asks(kServer, kFiles), gives(kClient, u32(1) + descriptor("a", 3)),
                   asks_range(kServer, 0, 0, 3), contents(kClient, text("AAA"))},
                  "AAA"),
            "<- started 1 a 0 of 3\n"
            "<- ended 1 a 3 of 3 digest\n");
}

TEST(Clipboard, SaysWhatTheCaptureLacks) {
  const Said lost{kClient, {}, ChannelPiece::Kind::kLost};
  EXPECT_EQ(
      story(copied(descriptor("a", 6)) +
            std::vector<Said>{asks_range(kServer, 0, 0, 2), contents(kClient, text("ab")),
                              asks_range(kServer, 0, 2, 2), lost, asks_range(kServer, 0, 4, 2),
                              contents(kClient, text("ef")), offers_text(kClient)}),
      "<- started 1 a 0 of 6\n"
      "<- progress 1 a 2 of 6\n"
      "<- progress 1 a 4 of 6 lost\n"
      "<- ended 1 a 4 of 6 lost cut_off\n");
}

TEST(Clipboard, HasLimits) {
  auto talk = copied({}, 0);
  for (std::uint32_t i = 0; i < 100; ++i) {
    talk.push_back(asks_range(kServer, i, 0, 2));
    talk.push_back(contents(kClient, text("ab")));
  }
  std::size_t cut_off = 0;
  const auto told = story(talk);
  for (auto at = told.find("cut_off"); at != std::string::npos; at = told.find("cut_off", at + 1)) {
    ++cut_off;
  }
  EXPECT_EQ(cut_off, 100 - FileMoves::kMaxMoving);
  std::vector<Said> locks;
  for (std::uint32_t i = 0; i < 100; ++i) {
    locks.push_back(offers_files(kClient));
    locks.push_back(lock(kServer, i));
  }
  EXPECT_EQ(story(locks), "");
}

TEST(Clipboard, NamesDamage) {
  EXPECT_EQ(story({{kClient, hex("0200")}}), "cliprdr.message! msgFlags at 2: 0 of 2 bytes\n");
  EXPECT_NE(story({{kClient, hex("08000000 08000000 02000000 01000000")}}), "");
  EXPECT_NE(story({{kClient, hex("09000100 00000000")}}), "");
  EXPECT_NE(story({{kClient, hex("02000000 ff000000 00")}}), "");
  EXPECT_EQ(story({{kClient, hex("ff000000 00000000")}, {kClient, hex("01000000 00000000")}}), "");
}

TEST(Clipboard, HasAChannelOfItsOwn) {
  EXPECT_TRUE(reads_channel("cliprdr"));
  EXPECT_TRUE(reads_channel("CLIPRDR"));
  EXPECT_FALSE(reads_channel("rdpdr"));
}

}  // namespace
}  // namespace remora::clipboard
