#include "dissect/drives/drives_dissector.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/drives/messages.h"
#include "tests/support/hex.h"
#include "tests/support/shared_file_words.h"

namespace remora::drives {
namespace {

using testing::operator+;
using namespace testing;  // the words of messages.h

std::string story(const std::vector<Said>& talk, const std::string& content = {},
                  std::size_t piece = 1U << 20U) {
  DrivesDissector dissector;
  return words_of(hear(dissector, "rdpdr", talk, piece), content);
}

TEST(Drives, TellTheNameOfTheClient) {
  DrivesDissector dissector;
  // [MS-RDPEFS] 4.5.
  const auto found = hear(
      dissector, "rdpdr",
      {{kClient, hex("7244 4e43 01000000 00000000 1e000000 5400 5300 4400 4500 5600 2d00 5300 4500"
                     "4c00 4600 4800 4f00 5300 5400 0000")}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(std::get<observation::ClientNamed>(found[0].what).name, "TSDEV-SELFHOST");
  EXPECT_EQ(std::string{found[0].rule}, "rdpdr.client_name");
}

const std::string kContent = "The quick brown fox jumps over the lazy dog.";

std::vector<Said> reading() {
  return {announce(1, "C:"),
          create("\\docs\\fox.txt"),
          created(5),
          query(5, 5),
          standard(kContent.size()),
          read(5, 20, 0),
          bytes_read(kContent.substr(0, 20)),
          read(5, 64, 20),
          bytes_read(kContent.substr(20)),
          close(5)};
}

TEST(Drives, TellAFileThatIsRead) {
  EXPECT_EQ(story(reading(), kContent),
            "<- started 1 C:\\docs\\fox.txt 0 of 44\n"
            "<- progress 1 C:\\docs\\fox.txt 20 of 44\n"
            "<- progress 1 C:\\docs\\fox.txt 44 of 44 digest\n"
            "<- ended 1 C:\\docs\\fox.txt 44 of 44 digest\n");
}

std::vector<Said> writing() {
  return {announce(1, "C:"), create("\\fox.txt", kWriting, kOverwriteIf),
          created(5),        write(5, kContent.substr(0, 10), 0),
          written(10),       write(5, kContent.substr(10), 10),
          written(34),       close(5)};
}

TEST(Drives, TellAFileThatIsWritten) {
  EXPECT_EQ(story(writing(), kContent),
            "-> started 1 C:\\fox.txt 0\n"
            "-> progress 1 C:\\fox.txt 10\n"
            "-> progress 1 C:\\fox.txt 44\n"
            "-> ended 1 C:\\fox.txt 44 of 44 digest\n");
}

TEST(Drives, TellTheSameHoweverMessagesAreCut) {
  for (const auto& talk : {reading(), writing()}) {
    const auto whole = story(talk, kContent);
    for (const std::size_t piece : {1U, 3U, 19U, 21U, 55U, 57U}) {
      EXPECT_EQ(story(talk, kContent, piece), whole) << piece;
    }
  }
}

TEST(Drives, ReadLargeMessagesAsTheyCome) {
  const std::string large(300'000, 'x');
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), read(5, 1U << 20U, 0),
                   bytes_read(large), close(5)},
                  large, 1600),
            "<- started 1 C:\\x 0 of 300000\n"
            "<- progress 1 C:\\x 300000 of 300000 digest\n"
            "<- ended 1 C:\\x 300000 of 300000 digest\n");
}

TEST(Drives, TakeLessThanWasAskedForTheEnd) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), read(5, 3, 0), bytes_read("abc"),
                   read(5, 3, 3), bytes_read("de"), close(5)},
                  "abcde"),
            "<- started 1 C:\\x 0\n"
            "<- progress 1 C:\\x 3\n"
            "<- progress 1 C:\\x 5 of 5 digest\n"
            "<- ended 1 C:\\x 5 of 5 digest\n");
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), read(5, 3, 0), bytes_read("abc"),
                   read(5, 3, 3), read_failed(0xc0000011), close(5)},
                  "abc"),
            "<- started 1 C:\\x 0\n"
            "<- progress 1 C:\\x 3\n"
            "<- ended 1 C:\\x 3 of 3 digest\n");
}

TEST(Drives, KnowTheSizeThatAnotherHandleTold) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), query(5, 5), standard(3), close(5),
                   create("\\x"), created(6), read(6, 3, 0), bytes_read("abc"), close(6)},
                  "abc"),
            "<- started 1 C:\\x 0 of 3\n"
            "<- progress 1 C:\\x 3 of 3 digest\n"
            "<- ended 1 C:\\x 3 of 3 digest\n");
}

TEST(Drives, HaveNoDigestOfWhatCameOutOfOrder) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), query(5, 5), standard(6),
                   read(5, 3, 3), bytes_read("def"), read(5, 3, 0), bytes_read("abc"), close(5)}),
            "<- started 1 C:\\x 0 of 6\n"
            "<- progress 1 C:\\x 3 of 6\n"
            "<- progress 1 C:\\x 6 of 6\n"
            "<- ended 1 C:\\x 6 of 6\n");
  // Written twice: nobody knows whether they are the same.
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kWriting, kCreate), created(5),
                   write(5, "abc", 0), write(5, "abc", 0), close(5)}),
            "-> started 1 C:\\x 0\n"
            "-> progress 1 C:\\x 3\n"
            "-> ended 1 C:\\x 3 of 3\n");
}

TEST(Drives, CountBytesThatAreReadTwiceOnce) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), query(5, 5), standard(6),
                   read(5, 2, 0), bytes_read("ab"), read(5, 4, 0), bytes_read("abcd"),
                   read(5, 4, 2), bytes_read("cdef"), close(5)},
                  "abcdef"),
            "<- started 1 C:\\x 0 of 6\n"
            "<- progress 1 C:\\x 2 of 6\n"
            "<- progress 1 C:\\x 4 of 6\n"
            "<- progress 1 C:\\x 6 of 6 digest\n"
            "<- ended 1 C:\\x 6 of 6 digest\n");
}

TEST(Drives, MatchAnswersThatComeInAnotherOrder) {
  EXPECT_EQ(
      story({announce(1, "C:"), create("\\a", kReading, kOpen, kNoDirectory, 1),
             create("\\b", kReading, kOpen, kNoDirectory, 2), created(6, 0, 2), created(5, 0, 1),
             read(5, 9, 0, 3), read(6, 9, 0, 4), bytes_read("B", 4), bytes_read("A", 3), close(5)},
            "A"),
      "<- started 1 C:\\b 0 of 1\n"
      "<- progress 1 C:\\b 1 of 1 WRONG\n"
      "<- started 2 C:\\a 0 of 1\n"
      "<- progress 2 C:\\a 1 of 1 digest\n"
      "<- ended 2 C:\\a 1 of 1 digest\n");
}

TEST(Drives, TellBothWaysOfAFile) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kReading | kWriting), created(5), query(5, 5),
                   standard(3), read(5, 3, 0), bytes_read("abc"), write(5, "XY", 3), close(5)},
                  "abc"),
            "<- started 1 C:\\x 0 of 3\n"
            "<- progress 1 C:\\x 3 of 3 digest\n"
            "-> started 2 C:\\x 0\n"
            "-> progress 2 C:\\x 2\n"
            "<- ended 1 C:\\x 3 of 3 digest\n"
            // What else is in the file was not seen.
            "-> ended 2 C:\\x 2\n");
}

TEST(Drives, KnowWhatSizeAFileIsToHave) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kWriting, kCreate), created(5),
                   set(5, 20, u64(6)), done(), write(5, "abc", 0), close(5)}),
            "-> started 1 C:\\x 0 of 6\n"
            "-> progress 1 C:\\x 3 of 6\n"
            "-> ended 1 C:\\x 3 of 6\n");
  // Cut again behind what was written.
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kWriting, kCreate), created(5),
                   write(5, "abcdef", 0), set(5, 20, u64(3)), done(), close(5)}),
            "-> started 1 C:\\x 0\n"
            "-> progress 1 C:\\x 6\n"
            "-> ended 1 C:\\x 6 of 3\n");
}

TEST(Drives, AppendBehindTheEnd) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kWriting, kCreate), created(5),
                   write(5, "abc", UINT64_MAX), write(5, "def", UINT64_MAX), close(5)},
                  "abcdef"),
            "-> started 1 C:\\x 0\n"
            "-> progress 1 C:\\x 3\n"
            "-> progress 1 C:\\x 6\n"
            "-> ended 1 C:\\x 6 of 6 digest\n");
}

TEST(Drives, TellAnEmptyFileWhenItIsClosed) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kWriting, kCreate), created(5), close(5)}),
            "-> started 1 C:\\x 0 of 0 digest\n"
            "-> ended 1 C:\\x 0 of 0 digest\n");
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kWriting, kOpen), created(5), close(5)}), "");
}

TEST(Drives, TellAnEmptyFileThatIsOpenedToBeRead) {
  // xrdp: its size is known, so that nothing is read of it.
  const auto looking = std::vector<Said>{announce(1, "C:"), create("\\x", 0x80), created(5),
                                         query(5, 5),       standard(0),         close(5)};
  auto talk = looking;
  for (const auto& said : {create("/x", 0x100001, kOpen, 0x20), created(5), close(5)}) {
    talk.push_back(said);
  }
  EXPECT_EQ(story(looking), "");
  EXPECT_EQ(story(talk),
            "<- started 1 C:\\x 0 of 0 digest\n"
            "<- ended 1 C:\\x 0 of 0 digest\n");
  talk[4] = standard(0, true);
  EXPECT_EQ(story(talk), "");
}

TEST(Drives, TellWhatIsDeleted) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", 0x10000), created(5), set(5, 13, {}), done(),
                   close(5)}),
            "-> deleted C:\\x\n");
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", 0x10000, kOpen, 0x1040), created(5), close(5)}),
            "-> deleted C:\\x\n");
  // Refused; taken back; a directory.
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", 0x10000), created(5), set(5, 13, {}),
                   done(kAccessDenied), close(5)}),
            "");
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", 0x10000), created(5), set(5, 13, Bytes(1)),
                   done(), close(5)}),
            "");
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", 0x10000, kOpen, 0), created(5), query(5, 5),
                   standard(0, true), set(5, 13, {}), done(), close(5)}),
            "");
}

TEST(Drives, TellWhatIsRenamed) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x.docx", 0x10000), created(5),
                   rename(5, "\\x.docx.locked"), done(), close(5)}),
            "-> renamed C:\\x.docx to C:\\x.docx.locked\n");
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", 0x10000), created(5), rename(5, "\\y"),
                   done(0xc0000035), close(5)}),
            "");
}

TEST(Drives, TellARefusalOnce) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kWriting, kCreate), created(0, kAccessDenied),
                   create("\\x", kWriting, kCreate), created(0, kAccessDenied)}),
            "-> refused C:\\x STATUS_ACCESS_DENIED\n");
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(0, kAccessDenied)}),
            "<- refused C:\\x STATUS_ACCESS_DENIED\n");
  std::vector<Said> many{announce(1, "C:")};
  for (int i = 0; i < 200; ++i) {
    many.push_back(create("\\" + std::to_string(i)));
    many.push_back(created(0, kAccessDenied));
  }
  DrivesDissector dissector;
  EXPECT_EQ(hear(dissector, "rdpdr", many).size(), Refusals::kMaxTold);
}

TEST(Drives, PassOverWhatMerelyTries) {
  EXPECT_EQ(story({announce(1, "C:"),                                         //
                   create("\\desktop.ini"), created(0, 0xc0000034),           // not found
                   create("\\x", kWriting, kCreate), created(0, 0xc0000035),  // exists
                   create("\\dir", kReading, kOpen, 1), created(0, kAccessDenied),
                   create("\\x", 0x80), created(0, kAccessDenied)}),  // attributes only
            "");
}

TEST(Drives, PassOverWhatFoldersAreFullOf) {
  const std::string more(5000, 'x');
  EXPECT_EQ(story({announce(1, "C:"), create("\\a\\Desktop.ini"), created(5), read(5, 9, 0),
                   bytes_read("[x]"), close(5)}),
            "");
  EXPECT_EQ(story({announce(1, "C:"), create("\\desktop.ini"), created(5), read(5, 9000, 0),
                   bytes_read(more), close(5)},
                  more),
            "<- started 1 C:\\desktop.ini 0 of 5000\n"
            "<- progress 1 C:\\desktop.ini 5000 of 5000 digest\n"
            "<- ended 1 C:\\desktop.ini 5000 of 5000 digest\n");
}

TEST(Drives, SayWhatFailed) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kWriting, kCreate), created(5),
                   write(5, "abc", 0), written(0, 0xc000007f), close(5)}),
            "-> started 1 C:\\x 0\n"
            "-> progress 1 C:\\x 3\n"
            "-> ended 1 C:\\x 3 of 3 STATUS_DISK_FULL\n");
  EXPECT_EQ(
      story({announce(1, "C:"), create("\\x"), created(5), query(5, 5), standard(6), read(5, 3, 0),
             bytes_read("abc"), read(5, 3, 3), read_failed(0xc0000185), close(5)}),
      "<- started 1 C:\\x 0 of 6\n"
      "<- progress 1 C:\\x 3 of 6\n"
      "<- ended 1 C:\\x 3 of 6 STATUS_IO_DEVICE_ERROR\n");
}

TEST(Drives, EndFilesWithTheirDrive) {
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), query(5, 5), standard(6),
                   read(5, 3, 0), bytes_read("abc"), remove(1), close(5)}),
            "<- started 1 C:\\x 0 of 6\n"
            "<- progress 1 C:\\x 3 of 6\n"
            "<- ended 1 C:\\x 3 of 6 cut_off\n");
}

TEST(Drives, SayWhatTheCaptureLacks) {
  const Said lost{kClient, {}, ChannelPiece::Kind::kLost};
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), query(5, 5), standard(6),
                   read(5, 3, 0), lost, read(5, 3, 3), bytes_read("def"), close(5)}),
            "<- started 1 C:\\x 0 of 6 lost\n"
            "<- progress 1 C:\\x 3 of 6 lost\n"
            "<- ended 1 C:\\x 3 of 6 lost\n");
}

TEST(Drives, SayNoSizeWhereWordsOfTheServerAreLost) {
  const Said lost{kServer, {}, ChannelPiece::Kind::kLost};
  EXPECT_EQ(story({announce(1, "C:"), create("\\x", kWriting, kCreate), created(5),
                   write(5, "abc", 0), lost, close(5)}),
            "-> started 1 C:\\x 0\n"
            "-> progress 1 C:\\x 3\n"
            "-> ended 1 C:\\x 3 lost\n");
}

/// The close of one file and the creation of the next, which gets the same id, are lost.
TEST(Drives, DoNotTakeOneFileForAnother) {
  const Said lost{kServer, {}, ChannelPiece::Kind::kLost};
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), query(5, 5), standard(3),
                   read(5, 3, 0), bytes_read("abc"), lost, write(5, "defg", 0), close(5)},
                  "abc"),
            "<- started 1 C:\\x 0 of 3\n"
            "<- progress 1 C:\\x 3 of 3 digest\n"
            "-> started 2  0 lost\n"
            "-> progress 2  4 lost\n"
            "<- ended 1 C:\\x 3 of 3 lost\n"
            "-> ended 2  4 lost\n");
}

TEST(Drives, HaveNoNameForWhatWasOpenedBefore) {
  EXPECT_EQ(story({announce(1, "C:"), write(5, "abc", 0), close(5)}),
            "-> started 1  0\n"
            "-> progress 1  3\n"
            "-> ended 1  3\n");
}

TEST(Drives, AreReadWithoutTheClient) {
  // Encryption level Low: the server's half is in clear, and which file an id is remains open.
  const Said sealed{kClient, Bytes(40), ChannelPiece::Kind::kSealed};
  EXPECT_EQ(story({sealed, create("\\x", kWriting, kCreate), sealed, write(5, "abc", 0), sealed,
                   close(5)}),
            "-> started 1  0\n"
            "-> progress 1  3\n"
            "-> ended 1  3\n");
}

TEST(Drives, AreNoPrintersAndCards) {
  EXPECT_EQ(story({announce(1, "PRN1", 4), create(""), created(5), write(5, "page", 0), close(5)}),
            "");
  EXPECT_EQ(story({create(""), created(5), write(6, "page", 0), close(5)}), "");
}

TEST(Drives, NameDamage) {
  EXPECT_EQ(story({{kServer, hex("7244")}}), "rdpdr.message! PacketId at 2: 0 of 2 bytes\n");
  EXPECT_NE(story({{kServer, hex("7244 5249 01000000")}}), "");
  EXPECT_NE(story({announce(1, "C:"), {kServer, request(1, 5, 7, 4) + u32(9)}}), "");
  EXPECT_NE(story({announce(1, "C:"), {kServer, request(1, 5, 7, 0) + Bytes(28) + u32(900)}}), "");
  // For printers, and what the specification does not know.
  EXPECT_EQ(story({{kServer, hex("5250 4350 ff")}, {kServer, hex("7244 ffff 00")}}), "");
}

TEST(Drives, BelieveAMessageNotItsLengths) {
  auto lying = read(5, 100, 0);
  auto said = bytes_read("abc");
  said.message[16] = std::byte{50};
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), lying, said, close(5)}, "abc"),
            "<- started 1 C:\\x 0 of 3\n"
            "<- progress 1 C:\\x 3 of 3 digest\n"
            "<- ended 1 C:\\x 3 of 3 digest\n");
  // More than was asked for.
  EXPECT_EQ(story({announce(1, "C:"), create("\\x"), created(5), read(5, 2, 0),
                   bytes_read("abcdef"), close(5)}),
            "<- started 1 C:\\x 0\n"
            "<- progress 1 C:\\x 2\n"
            "<- ended 1 C:\\x 2\n");
}

TEST(Drives, HaveAChannelOfTheirOwn) {
  EXPECT_TRUE(reads_channel("rdpdr"));
  EXPECT_TRUE(reads_channel("RDPDR"));
  EXPECT_FALSE(reads_channel("rdpdr2"));
  EXPECT_FALSE(reads_channel("cliprdr"));
}

}  // namespace
}  // namespace remora::drives
