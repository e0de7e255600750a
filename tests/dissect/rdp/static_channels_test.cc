#include "dissect/rdp/static_channels.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

constexpr auto kServer = Side::kAcceptor;
constexpr std::uint16_t kRemdesk = 1005;
constexpr std::uint16_t kSound = 1004;

/// "remdesk[0/3]abc", "remdesk lost", "remdesk sealed 18 compressible"
std::string text_of(const ChannelPiece& piece) {
  std::string text{piece.channel};
  switch (piece.kind) {
    case ChannelPiece::Kind::kClear:
      return text + '[' + std::to_string(piece.offset) + '/' + std::to_string(piece.total) + ']' +
             std::string{as_text(piece.bytes)} + ' ';
    case ChannelPiece::Kind::kSealed:
      return text + " sealed " + std::to_string(piece.total) +
             (piece.compressible ? " compressible " : " ");
    case ChannelPiece::Kind::kLost:
      break;
  }
  return text + " lost ";
}

class StaticChannelsOf : public ::testing::Test {
 protected:
  StaticChannelsOf() {
    observation::ClientSettings client;
    client.channels = {{.name = "rdpsnd", .options = 0xc0000000},
                       {.name = "remdesk", .options = 0xc0800000}};
    channels_.set_names(client);
    observation::ServerSettings server;
    server.channel_ids = {kSound, kRemdesk};
    channels_.set_ids(server);
  }

  /// length, flags, text
  std::string chunk(std::uint32_t length, std::uint32_t flags, std::string_view text,
                    std::uint16_t channel = kRemdesk) {
    std::vector<std::byte> bytes;
    for (const auto field : {length, flags}) {
      for (unsigned shift = 0; shift < 32; shift += 8) {
        bytes.push_back(static_cast<std::byte>(field >> shift));
      }
    }
    const auto data = as_bytes(text);
    bytes.insert(bytes.end(), data.begin(), data.end());
    Findings out;
    channels_.on_chunk(channel, bytes, kServer, {}, out);
    return take(out);
  }
  static std::string take(const Findings& out) {
    std::string told;
    for (const auto& finding : out.found()) { told += finding.rule + std::string{"! "}; }
    for (const auto& piece : out.pieces()) { told += text_of(piece); }
    return told;
  }

  StaticChannels channels_;
};

TEST_F(StaticChannelsOf, TellsWhichIsWhich) {
  EXPECT_TRUE(channels_.has(kSound));
  EXPECT_FALSE(channels_.has(1003));
  EXPECT_FALSE(channels_.has(0));
  EXPECT_EQ(chunk(3, 3, "abc", kSound), "rdpsnd[0/3]abc ");
}

TEST_F(StaticChannelsOf, FollowsTheExampleOfTheSpecification) {
  // [MS-RDPBCGR] 3.1.5.2.2.1, in small
  EXPECT_EQ(chunk(7, 0x11, "abc"), "remdesk[0/7]abc ");
  EXPECT_EQ(chunk(7, 0x10, "def"), "remdesk[3/7]def ");
  EXPECT_EQ(chunk(7, 0x12, "g"), "remdesk[6/7]g ");
  EXPECT_EQ(chunk(1, 3, "h"), "remdesk[0/1]h ");
}

TEST_F(StaticChannelsOf, BelievesTheChunkOfAMessageInOne) {
  EXPECT_EQ(chunk(99, 3, "abc"), "remdesk[0/3]abc ");
  EXPECT_EQ(chunk(3, 0, "abc"), "remdesk[0/3]abc ");  // neither flag, and not in a sequence
}

TEST_F(StaticChannelsOf, SkipsToTheNextFirst) {
  EXPECT_EQ(chunk(7, 0x10, "def"), "");  // the beginning was not captured
  EXPECT_EQ(chunk(7, 1, "abc"), "remdesk[0/7]abc ");
  EXPECT_EQ(chunk(7, 0, "defghi"), "remdesk lost ");  // too much
  EXPECT_EQ(chunk(7, 2, "g"), "");
  EXPECT_EQ(chunk(7, 1, "abc"), "remdesk[0/7]abc ");
  EXPECT_EQ(chunk(8, 0, "def"), "remdesk lost ");  // another length
  EXPECT_EQ(chunk(7, 1, "abc"), "remdesk[0/7]abc ");
  EXPECT_EQ(chunk(4, 1, "ab"), "remdesk lost remdesk[0/4]ab ");
  EXPECT_EQ(chunk(4, 2, "c"), "remdesk[2/4]c remdesk lost ");  // less than announced
}

TEST_F(StaticChannelsOf, LosesAMessageToAHole) {
  EXPECT_EQ(chunk(7, 1, "abc"), "remdesk[0/7]abc ");
  Findings out;
  channels_.on_gap(kServer, out);
  EXPECT_EQ(take(out), "remdesk lost ");
  EXPECT_EQ(chunk(7, 2, "defg"), "");
}

TEST_F(StaticChannelsOf, PassesOnWhatACompressedChunkHolds) {
  // RDP 4.0: a literal below 80h is itself, f1 80 copies three bytes from six back
  EXPECT_EQ(chunk(9, 0x600001, "abcdef"), "remdesk[0/9]abcdef ");
  EXPECT_EQ(chunk(9, 0x200002, "\xf1\x80"), "remdesk[6/9]abc ");
  EXPECT_EQ(chunk(3, 3, "xyz"), "remdesk[0/3]xyz ");
  EXPECT_EQ(chunk(3, 0x200003, "\xf1\x80", kSound), "rdpsnd[0/3]def ");
}

TEST_F(StaticChannelsOf, TellsOnceWhatIsNotToBeDecompressed) {
  EXPECT_EQ(chunk(3, 0x240003, "abc"), "channel.compressed! remdesk lost ");  // RDP 8.0: not here
  EXPECT_EQ(chunk(3, 0x200003, "abc"), "remdesk lost ");
  EXPECT_EQ(chunk(3, 3, "abc"), "remdesk[0/3]abc ");
  EXPECT_EQ(chunk(3, 0x600003, "abc"), "remdesk[0/3]abc ");
  EXPECT_EQ(chunk(4, 0x200003, "abc"), "remdesk lost ");  // not the length that was announced
  EXPECT_EQ(chunk(3, 0x200003, "abc"), "remdesk lost ");
}

TEST_F(StaticChannelsOf, LosesTheHistoryToAHole) {
  EXPECT_EQ(chunk(3, 0x600003, "abc"), "remdesk[0/3]abc ");
  Findings out;
  channels_.on_gap(kServer, out);
  EXPECT_EQ(chunk(3, 0x200003, "abc"), "channel.compressed! remdesk lost ");
  EXPECT_EQ(chunk(3, 0x600003, "abc"), "remdesk[0/3]abc ");
  channels_.on_sealed(kRemdesk, 26, kServer, out);
  EXPECT_EQ(chunk(3, 0x200003, "abc"), "remdesk lost ");
}

TEST_F(StaticChannelsOf, PassesOverFlowControl) {
  EXPECT_EQ(chunk(0, 0x20, ""), "");
}

TEST_F(StaticChannelsOf, TellsDamage) {
  Findings out;
  channels_.on_chunk(kRemdesk, hex("03000000 0300"), kServer, {}, out);
  EXPECT_EQ(take(out), "channel.header! ");
}

TEST_F(StaticChannelsOf, TellsTheSizeOfWhatIsSealed) {
  Findings out;
  channels_.on_sealed(kRemdesk, 26, kServer, out);
  channels_.on_sealed(kSound, 10, kServer, out);
  channels_.on_sealed(1003, 10, kServer, out);
  EXPECT_EQ(take(out), "remdesk sealed 26 compressible rdpsnd sealed 10 ");
}

TEST(StaticChannels, AreNumberedByJoinsWhereTheServersAnswerIsMissing) {
  StaticChannels channels;
  observation::ClientSettings client;
  client.channels = {{.name = "remdesk"}, {.name = "encomsp"}};
  channels.set_names(client);
  for (const auto id : std::array<std::uint16_t, 4>{1006, 1003, 1004, 1005}) {
    channels.on_join(id, 1006);
  }
  EXPECT_TRUE(channels.has(1004));
  EXPECT_TRUE(channels.has(1005));
  EXPECT_FALSE(channels.has(1006));
}

TEST(ChannelPduHeader, ObeysTheLaws) {
  testing::expect_reader_laws(hex("04000000 03002000"), read_channel_pdu_header);
}

}  // namespace
}  // namespace remora::rdp
