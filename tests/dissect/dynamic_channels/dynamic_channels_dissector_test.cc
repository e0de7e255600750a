#include "dissect/dynamic_channels/dynamic_channels_dissector.h"

#include <string>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::dynamic_channels {
namespace {

using testing::hex;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

class Drdynvc : public ::testing::Test {
 protected:
  /// Inside a multitransport connection.
  std::string in_tunnel(Side from, std::string_view bytes, bool lost = false) {
    const auto data = hex(bytes);
    Findings out;
    dissector_.on_piece({.channel = "drdynvc.tunnel",
                         .from = from,
                         .kind = lost ? ChannelPiece::Kind::kLost : ChannelPiece::Kind::kClear,
                         .bytes = data,
                         .total = static_cast<std::uint32_t>(data.size())},
                        {}, out);
    return told(out);
  }
  std::string say(Side from, std::string_view bytes, std::uint32_t offset = 0,
                  std::uint32_t total = 0) {
    const auto data = hex(bytes);
    Findings out;
    dissector_.on_piece({.channel = "drdynvc",
                         .from = from,
                         .bytes = data,
                         .offset = offset,
                         .total = total == 0 ? static_cast<std::uint32_t>(data.size()) : total},
                        {}, out);
    return told(out);
  }
  /// "+70 70[0/2]hi 70 lost drdynvc.pdu! "
  static std::string told(const Findings& out) {
    std::string text;
    for (const auto& finding : out.found()) {
      const auto* opened = std::get_if<observation::DynamicChannelOpened>(&finding.what);
      text += opened == nullptr ? finding.rule + std::string{"! "} : '+' + opened->name + ' ';
      if (const auto* moved = std::get_if<observation::ChannelsMoved>(&finding.what)) {
        text += moved->lossy ? "lossy: " : "reliable: ";
        for (const auto& name : moved->channels) { text += name + ' '; }
      }
    }
    for (const auto& piece : out.pieces()) {
      text += std::string{piece.channel};
      text += piece.kind == ChannelPiece::Kind::kLost
                  ? " lost "
                  : '[' + std::to_string(piece.offset) + '/' + std::to_string(piece.total) + ']' +
                        std::string{as_text(piece.bytes)} + ' ';
    }
    return text;
  }

  DynamicChannelsDissector dissector_;
};

TEST_F(Drdynvc, OpensAChannelThatTheClientHas) {
  EXPECT_EQ(say(kServer, "10 05 3730 00"), "");
  EXPECT_EQ(say(kClient, "10 05 00000000"), "+70 ");
  EXPECT_EQ(say(kServer, "30 05 6869"), "70[0/2]hi ");
  EXPECT_EQ(say(kClient, "30 05 6869"), "70[0/2]hi ");
}

TEST_F(Drdynvc, ForgetsAChannelThatTheClientRefuses) {
  EXPECT_EQ(say(kServer, "10 05 3730 00"), "");
  EXPECT_EQ(say(kClient, "10 05 90040780"), "");
  EXPECT_EQ(say(kServer, "30 05 6869"), "");
}

TEST_F(Drdynvc, TakesDataForConsentThatIsNotToBeRead) {
  EXPECT_EQ(say(kServer, "10 05 3730 00"), "");
  EXPECT_EQ(say(kServer, "30 05 6869"), "+70 70[0/2]hi ");
}

TEST_F(Drdynvc, TellsWhichChannelsMove) {
  (void)say(kServer, "10 05 3730 00");
  (void)say(kServer, "10 06 3731 00");
  EXPECT_EQ(say(kServer,
                "80 00 00000000 0300 0200"
                "01000000 0200 05000000 09000000 03000000 0100 06000000"),
            "drdynvc.soft_sync! reliable: 70 drdynvc.soft_sync! lossy: 71 ");
  EXPECT_EQ(say(kServer, "80 00 00000000 0300 0100 02000000 0100 05000000"), "");  // no such tunnel
  EXPECT_EQ(say(kServer, "80 00 00000000 0300 0100 01000000 0100 09000000"), "");  // nor channel
  EXPECT_EQ(say(kServer, "80 00 00000000 0300 0100 01000000 0200 05000000"), "drdynvc.pdu! ");
}

// DR_DEVICE_IOREQUEST, [MS-RDPEFS] 2.2.1.4: its header; CLIPRDR_FORMAT_LIST, [MS-RDPECLIP] 2.2.3.1,
// that is empty but for a format.
constexpr std::string_view kRequest{"30 0a 72445249"};
constexpr std::string_view kFormats{"30 0b 0200 0000 06000000 31c00000 0000"};

TEST_F(Drdynvc, KnowsByTheirContentDrivesAndTheClipboardThatMovedHere) {
  EXPECT_EQ(in_tunnel(kServer, "30 0a aabbccdd"), "");
  EXPECT_EQ(in_tunnel(kServer, kRequest), "rdpdr[0/4]rDRI ");
  EXPECT_EQ(in_tunnel(kClient, "30 0a 72444349"), "rdpdr[0/4]rDCI ");
  EXPECT_TRUE(in_tunnel(kClient, kFormats).starts_with("cliprdr[0/14]"));
  // Elsewhere a channel has a name, or nothing is known of it.
  EXPECT_EQ(say(kServer, "30 0c 72445249"), "");
}

TEST_F(Drdynvc, KnowsNoneByWhatIsNotTheStartOfAMessage) {
  EXPECT_EQ(in_tunnel(kServer, "20 0a 08 aabb"), "");
  EXPECT_EQ(in_tunnel(kServer, kRequest), "");  // its second piece
  EXPECT_EQ(in_tunnel(kServer, "30 0a aabb"), "");
  EXPECT_EQ(in_tunnel(kServer, "", true), "");
  EXPECT_EQ(in_tunnel(kServer, kRequest), "");  // of what, nobody knows
  EXPECT_EQ(in_tunnel(kServer, kRequest), "");
  EXPECT_EQ(in_tunnel(kServer, "20 0a 05 72445249"), "rdpdr[0/5]rDRI ");
}

TEST_F(Drdynvc, OpensNothingThatWasCompressedWithAHistoryOfElsewhere) {
  (void)in_tunnel(kServer, kRequest);
  EXPECT_EQ(in_tunnel(kServer, "70 0a e0 06 6869"), "drdynvc.compressed! rdpdr lost ");
  EXPECT_EQ(in_tunnel(kServer, "70 0b e0 06 6869"), "");
}

TEST_F(Drdynvc, TakesANameOfThreeLettersForAName) {
  EXPECT_EQ(say(kServer, "10 05 454348 00"), "");
  EXPECT_EQ(say(kServer, "10 05 464348 00"), "");  // asked for anew, under another name
  EXPECT_EQ(say(kClient, "10 05 01000000"), "+FCH ");
}

TEST_F(Drdynvc, PassesPiecesOn) {
  (void)say(kServer, "10 05 3730 00");
  EXPECT_EQ(say(kServer, "20 05 05 6865"), "+70 70[0/5]he ");
  EXPECT_EQ(say(kClient, "30 05 78"), "70[0/1]x ");
  EXPECT_EQ(say(kServer, "30 05 6c6c"), "70[2/5]ll ");
  EXPECT_EQ(say(kServer, "30 05 6f"), "70[4/5]o ");
  EXPECT_EQ(say(kServer, "30 05 79"), "70[0/1]y ");
}

TEST_F(Drdynvc, FindsItsPlaceAgain) {
  (void)say(kServer, "10 05 3730 00");
  EXPECT_EQ(say(kServer, "20 05 05 6865"), "+70 70[0/5]he ");
  EXPECT_EQ(say(kServer, "20 05 02 6869"), "70 lost 70[0/2]hi ");
  EXPECT_EQ(say(kServer, "20 05 03 6865"), "70[0/3]he ");
  EXPECT_EQ(say(kServer, "30 05 6c6c"), "70 lost ");
}

TEST_F(Drdynvc, PutsAPduTogetherThatCameInChunks) {
  (void)say(kServer, "10 05 3730 00");
  EXPECT_EQ(say(kServer, "30 05", 0, 4), "");
  EXPECT_EQ(say(kServer, "6869", 2, 4), "+70 70[0/2]hi ");
}

TEST_F(Drdynvc, PassesOnWhatCompressedDataHold) {
  (void)say(kServer, "10 03 3730 00");
  // [MS-RDPEDYC] 4.3.3 and 4.3.4, in small: both forms, and what is not compressed, in one message
  EXPECT_EQ(say(kServer, "64 03 0a00 e006 68656c6c6f"), "+70 70[0/10]hello ");
  // 10001 00101 10 01: five bytes from five back
  EXPECT_EQ(say(kServer, "70 03 e026 8964 02"), "70[5/10]hello ");
  EXPECT_EQ(say(kServer, "70 03 e006 6869"), "70[0/2]hi ");
  EXPECT_EQ(say(kServer, "60 03 03 e006 6162"), "70[0/3]ab ");
  EXPECT_EQ(say(kServer, "30 03 63"), "70[2/3]c ");
  EXPECT_EQ(say(kClient, "70 03 e006 6869"), "70[0/2]hi ");
}

TEST_F(Drdynvc, ReadsTheSampleOfTheSpecification) {
  (void)say(kServer, "10 03 3730 00");
  EXPECT_EQ(say(kServer, "64 03 7b0c e026 38c4 3ff4 7401"),
            "+70 70[0/3195]" + std::string(1595, 'q') + ' ');
}

TEST_F(Drdynvc, TellsOnceWhatIsNotToBeDecompressed) {
  (void)say(kServer, "10 05 3730 00");
  EXPECT_EQ(say(kServer, "70 05 e004 6869"), "+70 drdynvc.compressed! 70 lost ");
  EXPECT_EQ(say(kServer, "70 05 e1 0100 02000000 03000000 06 6869"), "70 lost ");
  EXPECT_EQ(say(kServer, "30 05 6869"), "70[0/2]hi ");
}

TEST_F(Drdynvc, KnowsOfALostHistoryWhatCameSince) {
  (void)say(kServer, "10 03 3730 00");
  EXPECT_EQ(say(kServer, "70 03 e006 68656c6c6f"), "+70 70[0/5]hello ");
  Findings out;
  dissector_.on_piece({.channel = "drdynvc", .from = kServer, .kind = ChannelPiece::Kind::kLost},
                      {}, out);
  EXPECT_EQ(say(kServer, "70 03 e026 8964 02"), "drdynvc.compressed! 70 lost ");
  EXPECT_EQ(say(kServer, "70 03 e006 776f726c64"), "70[0/5]world ");
  EXPECT_EQ(say(kServer, "70 03 e026 8964 02"), "70[0/5]world ");
  // whether this becomes part of the history is not known
  EXPECT_EQ(say(kServer, "30 03 78"), "70[0/1]x ");
  EXPECT_EQ(say(kServer, "70 03 e026 8964 02"), "70 lost ");
}

TEST_F(Drdynvc, KeepsEightHistories) {
  for (const auto* create :
       {"10 01 61 00", "10 02 62 00", "10 03 63 00", "10 04 64 00", "10 05 65 00"}) {
    (void)say(kServer, create);
  }
  for (const auto* data : {"70 01 e006 78", "70 02 e006 78", "70 03 e006 78", "70 04 e006 78"}) {
    EXPECT_THAT(say(kServer, data), ::testing::HasSubstr("[0/1]x"));
    EXPECT_THAT(say(kClient, data), ::testing::HasSubstr("[0/1]x"));
  }
  EXPECT_EQ(say(kServer, "70 05 e006 78"), "+e drdynvc.compressed! e lost ");
  (void)say(kServer, "40 01");
  EXPECT_EQ(say(kServer, "70 05 e006 78"), "e[0/1]x ");
}

TEST_F(Drdynvc, LosesMessagesToAHole) {
  (void)say(kServer, "10 05 3730 00");
  EXPECT_EQ(say(kServer, "20 05 05 6865"), "+70 70[0/5]he ");
  Findings out;
  dissector_.on_piece({.channel = "drdynvc", .from = kServer, .kind = ChannelPiece::Kind::kLost},
                      {}, out);
  EXPECT_EQ(told(out), "70 lost ");
}

TEST_F(Drdynvc, ClosesAChannel) {
  (void)say(kServer, "10 05 3730 00");
  EXPECT_EQ(say(kClient, "40 05"), "");
  EXPECT_EQ(say(kServer, "30 05 6869"), "");
}

TEST_F(Drdynvc, TellsPictures) {
  // "Microsoft::Windows::RDS::Graphics"
  (void)say(kServer, "10 07 4d6963726f736f66743a3a57696e646f77733a3a5244533a3a477261706869637300");
  EXPECT_EQ(say(kServer, "30 07 e004 1300 0000").find("graphics"), std::string::npos);
  EXPECT_NE(say(kServer, "30 07 e004 0100 0000").find("drdynvc.graphics! "), std::string::npos);
  EXPECT_EQ(say(kClient, "30 07 e004 0100 0000").find("graphics"), std::string::npos);
  EXPECT_EQ(say(kServer, "30 07 e024 0100 0000").find("graphics"), std::string::npos);
  EXPECT_NE(say(kServer, "24 07 e803 e024 0100").find("graphics"), std::string::npos);
  int told = 0;
  for (int i = 0; i < 100; ++i) {
    told += say(kServer, "20 07 04 e004 0100").find("graphics!") == std::string::npos ? 0 : 1;
  }
  EXPECT_EQ(told, 14);  // all at one time
}

TEST_F(Drdynvc, TellsDamage) {
  EXPECT_EQ(say(kServer, "33 05"), "drdynvc.pdu! ");
  EXPECT_EQ(say(kServer, "f0"), "");  // an unknown command
}

}  // namespace
}  // namespace remora::dynamic_channels
