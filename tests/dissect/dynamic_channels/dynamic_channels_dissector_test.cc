#include "dissect/dynamic_channels/dynamic_channels_dissector.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::dynamic_channels {
namespace {

using testing::hex;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

class Drdynvc : public ::testing::Test {
 protected:
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

TEST_F(Drdynvc, TellsCompressionOnce) {
  (void)say(kServer, "10 05 3730 00");
  EXPECT_EQ(say(kServer, "70 05 e006 6869"), "+70 drdynvc.compressed! 70 lost ");
  EXPECT_EQ(say(kServer, "70 05 e006 6869"), "70 lost ");
  EXPECT_EQ(say(kServer, "30 05 6869"), "70[0/2]hi ");
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
