#include "dissect/multitransport/multitransport_dissector.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/encoding/digest.h"
#include "dissect/multitransport/family.h"
#include "tests/dissect/multitransport/tunnel_families.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::multitransport {
namespace {

using testing::hex;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;
constexpr std::string_view kRequest{
    "00 1800 04 07000000 00000000 e2f0d108567fb43adcf4b3dc16921e3a"};
constexpr std::string_view kAccepted{"01 0400 04 00000000"};
// [MS-RDPEDYC]: "ECHO" is asked for on channel 5, and given.
constexpr std::string_view kAsk{"02 0700 04 1005 4543484f 00"};
constexpr std::string_view kGive{"02 0600 04 1005 00000000"};

class Tunnel : public ::testing::Test {
 public:
  Tunnel() { conversation_.begin(kProtocol, {}, kClient, found_); }

  Tunnel& say(Side from, std::string_view bytes) {
    conversation_.on_bytes(from, hex(bytes), {}, found_);
    return *this;
  }
  Tunnel& lose(Side from) {
    conversation_.on_gap(from, 1, {}, found_);
    return *this;
  }
  [[nodiscard]] std::string rules() const {
    std::string text;
    for (const auto& finding : found_) { text += finding.rule + std::string{" "}; }
    return text;
  }
  template <typename What>
  [[nodiscard]] What first() const {
    for (const auto& finding : found_) {
      if (const auto* what = std::get_if<What>(&finding.what)) { return *what; }
    }
    ADD_FAILURE() << rules();
    return {};
  }

  Conversation conversation_{kTunnelFamilies};
  std::vector<Finding> found_;
};

TEST_F(Tunnel, TellsWhichSessionItIsFor) {
  say(kClient, kRequest).say(kServer, kAccepted);
  EXPECT_EQ(rules(), "multitransport.create_request multitransport.create_response ");
  EXPECT_EQ(first<observation::TunnelRequested>(),
            (observation::TunnelRequested{
                .request_id = 7,
                .cookie_hash = encoding::sha256(hex("e2f0d108567fb43adcf4b3dc16921e3a"))}));
  EXPECT_EQ(first<observation::TunnelAnswered>().result, 0U);
}

TEST_F(Tunnel, TellsARefusal) {
  say(kClient, kRequest).say(kServer, "01 0400 04 05400080");
  EXPECT_EQ(first<observation::TunnelAnswered>().result, 0x80004005U);
}

TEST_F(Tunnel, LeadsDynamicChannelsToTheirReaders) {
  say(kServer, kAsk).say(kClient, kGive);
  EXPECT_EQ(rules(), "drdynvc.create ");
  EXPECT_EQ(first<observation::DynamicChannelOpened>().name, "ECHO");
}

TEST_F(Tunnel, ReadsPdusHoweverTheyAreCut) {
  const std::string both = std::string{kAsk} + std::string{kAsk};
  const auto bytes = hex(both);
  for (const auto byte : bytes) { conversation_.on_bytes(kServer, {&byte, 1}, {}, found_); }
  say(kClient, kGive);
  EXPECT_EQ(rules(), "drdynvc.create ");
}

TEST_F(Tunnel, GoesOnBehindAGapWhereARecordHoldsPdusAlone) {
  say(kServer, kAsk).lose(kServer);
  say(kServer, "aabbccdd").say(kServer, "02 ff00 04 aa");  // the rest of something
  say(kClient, kGive);
  EXPECT_EQ(rules(), "drdynvc.create ");
  say(kServer, "02 0700 04 1006 4543484f 00").say(kClient, "02 0600 04 1006 00000000");
  EXPECT_EQ(rules(), "drdynvc.create drdynvc.create ");
}

/// A file on a drive whose channel was opened here: the second piece of its request is lost.
TEST_F(Tunnel, WhatAChannelWasInTheMiddleOfIsLost) {
  say(kServer, "02 0800 04 1007 726470647200").say(kClient, "02 0600 04 1007 00000000");
  const auto client_name = [&](bool whole) {
    found_.clear();
    // DR_CORE_CLIENT_NAME_REQ, [MS-RDPEFS] 2.2.2.4, in two: "WS"
    say(kClient, "02 0d00 04 2007 16 7244 4e43 01000000 0000");
    if (!whole) { lose(kClient); }
    say(kClient, "02 0e00 04 3007 0000 06000000 57005300 0000");
    return rules();
  };
  EXPECT_EQ(client_name(true), "rdpdr.client_name ");
  EXPECT_EQ(client_name(false), "");
}

TEST_F(Tunnel, TellsDamageOnce) {
  say(kServer, "0f 0000 04").say(kServer, "0f 0000 04").say(kServer, kAsk).say(kClient, kGive);
  EXPECT_EQ(rules(), "multitransport.pdu drdynvc.create ");
}

TEST_F(Tunnel, TellsSubheadersThatLieAndReadsTheRest) {
  say(kServer, "02 0700 06 0100 1005 4543484f 00").say(kClient, kGive);
  EXPECT_EQ(rules(), "multitransport.pdu drdynvc.create ");
}

TEST_F(Tunnel, PassesOverDataOfAChannelWithoutAName) {
  say(kServer, "02 0400 04 3009 aabb").say(kClient, "02 0000 04");
  EXPECT_EQ(rules(), "");
}

TEST(MultitransportDissector, SurvivesDamage) {
  const auto lead = [](const std::vector<std::byte>& bytes) {
    Conversation conversation{kTunnelFamilies};
    std::vector<Finding> found;
    conversation.begin(kProtocol, {}, kServer, found);
    conversation.on_bytes(kServer, bytes, {}, found);
    conversation.on_gap(kServer, 1, {}, found);
    conversation.on_bytes(kServer, bytes, {}, found);
    conversation.on_bytes(kClient, bytes, {}, found);
  };
  const auto talk = hex(std::string{kRequest} + std::string{kAccepted} + std::string{kAsk} +
                        "02 0200 0a 06 00 0100 1400 aabb" + std::string{kGive});
  testing::for_every_truncation(talk, lead);
  testing::for_every_changed_byte(talk, lead);
}

}  // namespace
}  // namespace remora::multitransport
