#include "dissect/proxy/socks5.h"

#include <gtest/gtest.h>

#include "dissect/proxy/family.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"
#include "tests/support/talk.h"

namespace remora::proxy {
namespace {

using observation::ProxyAnswered;
using observation::ProxyAsked;
using observation::ProxyKind;
using testing::from_client;
using testing::from_server;
using testing::hear;
using testing::hex;

const auto kGreeting = hex("05 02 00 02");  // VER, NMETHODS: none, user and password
const auto kNoLogin = hex("05 00");
const auto kLoginWanted = hex("05 02");
const auto kLogin =
    hex("01"                 // VER
        "03 657661"          // "eva"
        "06 736563726574");  // "secret"
const auto kLoggedIn = hex("01 00");
const auto kRequest =
    hex("05 01 00"                     // VER, CONNECT, RSV
        "03 07 72647330312e78 0d3d");  // ATYP domain name "rds01.x", 3389
const auto kGranted = hex("05 00 00 01 c633640a a2b3");
const auto kRefused = hex("05 05 00 01 00000000 0000");
const auto kConnectionRequest = hex("0300 0013 0e e0 0000 0000 00 01 00 0800 00000000");

TEST(Socks5, ReadersObeyTheirLaws) {
  testing::expect_reader_laws(kLogin, read_socks5_login);
  testing::expect_reader_laws(kRequest, read_socks5_message);
  testing::expect_reader_laws(kGranted, read_socks5_message);
  testing::expect_reader_laws(hex("05 01 00 04 20010db8000000000000000000000007 0d3d"),
                              read_socks5_message);
}

TEST(Socks5, MessagesAreMeasuredByTheirFields) {
  for (const auto& message : {kRequest, kGranted}) {
    EXPECT_EQ(measure_socks5_message(message).size(), message.size());
    for (std::size_t size = 0; size < message.size(); ++size) {
      EXPECT_TRUE(measure_socks5_message(ByteView{message}.first(size)).needs_more()) << size;
    }
  }
  EXPECT_TRUE(measure_socks5_message(hex("05 01 01 01")).is_lost());
  EXPECT_TRUE(measure_socks5_message(hex("05 01 00 02")).is_lost());
  EXPECT_EQ(measure_socks5_login(kLogin).size(), kLogin.size());
}

TEST(Socks5, RecogniserLeavesOtherThingsAlone) {
  const auto recognise = socks5_family().recognise;
  EXPECT_EQ(recognise(kGreeting), Verdict::kYes);
  EXPECT_EQ(recognise(hex("05 01 00")), Verdict::kYes);
  EXPECT_EQ(recognise(hex("05 02 00")), Verdict::kMore);
  EXPECT_EQ(recognise(hex("05 00 0b 03")), Verdict::kNo);  // DCE/RPC bind
  EXPECT_EQ(recognise(hex("05 02 00 00")), Verdict::kNo);  // a method twice
  EXPECT_EQ(recognise(hex("05 01 20")), Verdict::kNo);     // not assigned
  EXPECT_EQ(recognise(hex("05 01 05")), Verdict::kNo);     // that nobody uses alone
  EXPECT_EQ(recognise(hex("05 40")), Verdict::kNo);        // too many
}

TEST(Socks5, GrantedRequestIsFollowedByRdp) {
  const auto heard = hear({from_client(kGreeting), from_server(kNoLogin), from_client(kRequest),
                           from_server(kGranted), from_client(kConnectionRequest)});
  EXPECT_EQ(heard.rules(), "proxy.socks5 proxy.socks5 x224.connection_request ");
  const auto asked = heard.only<ProxyAsked>();
  EXPECT_EQ(asked.kind, ProxyKind::kSocks5);
  EXPECT_EQ(asked.target_name, "rds01.x");
  EXPECT_EQ(asked.target_port, 3389);
  EXPECT_TRUE(asked.user.empty());
  EXPECT_EQ(heard.only<ProxyAnswered>().bound->to_text(), "198.51.100.10:41651");
}

TEST(Socks5, LoginTellsTheUserAndNothingElse) {
  const std::vector talk{
      from_client(kGreeting),         from_server(kLoginWanted), from_client(kLogin),
      from_server(kLoggedIn),         from_client(kRequest),     from_server(kGranted),
      from_client(kConnectionRequest)};
  const auto heard = hear(talk);
  EXPECT_EQ(heard.only<ProxyAsked>(), (ProxyAsked{.kind = ProxyKind::kSocks5,
                                                  .target_name = "rds01.x",
                                                  .target_port = 3389,
                                                  .user = "eva"}));
  testing::expect_same_in_pieces(talk);
  testing::expect_survives_damage(talk);
}

TEST(Socks5, RefusedRequestEndsTheInterest) {
  const auto heard = hear({from_client(kGreeting), from_server(kNoLogin), from_client(kRequest),
                           from_server(kRefused), from_client(kConnectionRequest)});
  EXPECT_EQ(heard.only<ProxyAnswered>().code, 5U);
  EXPECT_EQ(heard.conversation.recognition(), Recognition::kNothing);
}

TEST(Socks5, OtherCommandsAndMethodsAreLeft) {
  for (const auto& talk :
       {std::vector{from_client(kGreeting), from_server(kNoLogin),
                    from_client(hex("05 03 00 01 00000000 0000"))},           // UDP ASSOCIATE
        std::vector{from_client(hex("05 01 01")), from_server(hex("0501"))},  // GSSAPI
        std::vector{from_client(kGreeting), from_server(hex("05ff"))},
        std::vector{from_client(kGreeting), from_server(kLoginWanted), from_client(kLogin),
                    from_server(hex("0101"))},  // wrong password
        std::vector{from_client(kGreeting), from_client(hex("474554202f"))}}) {
    const auto heard = hear(talk);
    // Three bytes may still become something else.
    EXPECT_NE(heard.conversation.recognition(), Recognition::kRecognised);
    EXPECT_TRUE(heard.found.empty()) << heard.rules();
  }
}

TEST(Socks5, WhatTheProxySaysMayComeBeforeWhatItAnswers) {
  const auto confirm = hex("0300 0013 0e d0 0000 1234 00 02 00 0800 00000000");
  const auto expected =
      "proxy.socks5 proxy.socks5 x224.connection_request x224.connection_confirm ";
  // The reply before the request.
  EXPECT_EQ(hear({from_client(kGreeting), from_server(kNoLogin), from_server(kGranted),
                  from_client(kRequest), from_client(kConnectionRequest), from_server(confirm)})
                .rules(),
            expected);
  // The method before the greeting: the worker has thrown it away.
  EXPECT_EQ(hear({from_client(kGreeting), from_client(kRequest), from_server(kGranted),
                  from_client(kConnectionRequest), from_server(confirm)})
                .rules(),
            expected);
}

TEST(Socks5, OneDirectionAloneIsFollowed) {
  auto rest = kConnectionRequest;
  rest.insert(rest.end(), 130, std::byte{4});
  const auto heard =
      hear({from_client(kGreeting), from_client(kLogin), from_client(kRequest), from_client(rest)});
  EXPECT_EQ(heard.only<ProxyAsked>().user, "eva");
  EXPECT_NE(heard.rules().find("x224.connection_request"), std::string::npos) << heard.rules();
}

TEST(Socks5, AGapLeadsToWhatFollows) {
  auto heard = hear({from_client(kGreeting), from_server(kNoLogin), from_client(kRequest)});
  heard.conversation.on_gap(Side::kAcceptor, 10, {}, heard.found);
  heard.conversation.on_bytes(Side::kInitiator, kConnectionRequest, {}, heard.found);
  EXPECT_EQ(heard.rules(), "proxy.socks5 x224.connection_request ");
}

}  // namespace
}  // namespace remora::proxy
