// Compressed PDUs of a session without encryption, from the headers inwards.

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/keys/key_ring.h"
#include "dissect/rdp/session_pdus.h"
#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

using testing::hex;

constexpr auto kServer = Side::kAcceptor;
constexpr std::uint16_t kIo = 1003;
constexpr std::uint16_t kDrives = 1004;

class CompressedSession : public ::testing::Test {
 protected:
  explicit CompressedSession(std::uint32_t channel_options = 0x80800000) {
    observation::ClientSettings client;
    client.channels = {{.name = "rdpdr", .options = channel_options}};
    pdus_.set_client(client);
    observation::ServerSettings server;
    server.encryption_method = 0;
    server.encryption_level = 0;
    server.io_channel_id = kIo;
    server.channel_ids = {kDrives};
    pdus_.set_security(server);
  }

  /// "logon alice", "rdpdr abc", "rdpdr lost"
  std::string say(std::uint16_t channel, std::string_view bytes) {
    const auto data = hex(bytes);
    Findings out;
    pdus_.on_send_data({.choice = McsChoice::kSendDataIndication,
                        .initiator = 1002,
                        .channel_id = channel,
                        .priority_and_segmentation = 0x70,
                        .user_data = data},
                       kServer, {}, out);
    return told(out);
  }
  std::string fast_path(std::string_view bytes) {
    const auto data = hex(bytes);
    Findings out;
    pdus_.on_fast_path(data, kServer, {}, out);
    return told(out);
  }
  static std::string told(const Findings& out) {
    std::string text;
    for (const auto& finding : out.found()) {
      if (const auto* logon = std::get_if<observation::LogonReported>(&finding.what)) {
        text += "logon " + logon->user;
      } else if (std::string_view{finding.rule} != "share.graphics") {
        text += finding.rule;
      }
    }
    for (const auto& piece : out.pieces()) {
      text += std::string{piece.channel} + ' ';
      text += piece.kind == ChannelPiece::Kind::kLost ? "lost" : as_text(piece.bytes);
    }
    return text;
  }
  /// A share data PDU around a packet, [MS-RDPBCGR] 2.2.8.1.1.1.2.
  static std::string share_data(std::string_view type, std::string_view flags,
                                std::string_view packet) {
    static constexpr std::string_view kDigits{"0123456789abcdef"};
    const auto size = hex(packet).size() + 18;
    std::string text{kDigits[size / 16], kDigits[size % 16]};
    text += "00 1700 ea03  ea030100 00 01 0000 ";
    return text.append(type).append(flags).append("0000").append(packet);
  }

  keys::KeyRing keys_;
  SessionPdus pdus_{keys_};
};

// Save Session Info: infoType 1, TS_LOGON_INFO_VERSION_2 of session 2 with the user "alice", 592
// bytes, as an RDP 4.0 sender writes it; most of it is one copy of zeros.
constexpr std::string_view kLogon{
    "01000000 01001200 00000200 f0683003 c1ff0c18 401b001a 4018c019 40000000"};

TEST_F(CompressedSession, TellsALogonThatWasCompressed) {
  EXPECT_EQ(say(kIo, share_data("26", "60", kLogon)), "logon alice");
}

TEST_F(CompressedSession, HasOneHistoryForOutputAndChannels) {
  EXPECT_EQ(say(kDrives, "01000000 03000000 78"), "rdpdr x");  // tells who is the server
  EXPECT_EQ(fast_path("00 0a 8b 60 0400 61626364"), "");
  EXPECT_EQ(say(kDrives, "03000000 03002000 656667"), "rdpdr efg");
  EXPECT_EQ(say(kIo, share_data("02", "20", "0000")), "");
  // nine back: 1111 001001 0, and a zero
  EXPECT_EQ(say(kDrives, "03000000 03002000 f240"), "rdpdr abc");
}

TEST_F(CompressedSession, TellsNothingWhoseHistoryIsNotKnown) {
  EXPECT_EQ(say(kDrives, "03000000 03006000 616263"), "rdpdr abc");
  Findings out;
  pdus_.on_gap(kServer, out);
  EXPECT_EQ(told(out), "rdpdr lost");
  EXPECT_EQ(say(kDrives, "03000000 03002000 616263"), "channel.compressedrdpdr lost");
  EXPECT_EQ(say(kIo, share_data("26", "20", kLogon)), "");
  EXPECT_EQ(say(kIo, share_data("26", "60", kLogon)), "logon alice");
  EXPECT_EQ(say(kDrives, "03000000 03002000 616263"), "rdpdr abc");
}

TEST_F(CompressedSession, IsLostWithAnUpdateThatCannotBeRead) {
  EXPECT_EQ(fast_path("00 0a 8b 60 0400 61626364"), "");  // who is the server is not known yet
  EXPECT_EQ(say(kDrives, "03000000 03002000 656667"), "channel.compressedrdpdr lost");
  EXPECT_EQ(say(kDrives, "03000000 03006000 656667"), "rdpdr efg");
  EXPECT_EQ(fast_path("00 09 8b 20 0400 616263"), "");
  EXPECT_EQ(say(kDrives, "03000000 03002000 656667"), "rdpdr lost");
}

TEST_F(CompressedSession, IsLostWithAChannelThatIsNotKnown) {
  EXPECT_EQ(say(kDrives, "03000000 03006000 656667"), "rdpdr efg");
  EXPECT_EQ(say(1009, "03000000 03002000 656667"), "");
  EXPECT_EQ(say(kDrives, "03000000 03002000 656667"), "channel.compressedrdpdr lost");
}

class UncompressedChannels : public CompressedSession {
 protected:
  UncompressedChannels() : CompressedSession{0x80000000} {}
};

TEST_F(UncompressedChannels, LeaveNothingToGainOnceALogonIsTold) {
  EXPECT_EQ(say(kIo, share_data("26", "60", kLogon)), "logon alice");
  EXPECT_EQ(fast_path("00 0a 8b 20 0400 61626364"), "");
  EXPECT_EQ(say(kIo, share_data("26", "20", kLogon)), "");
}

}  // namespace
}  // namespace remora::rdp
