#include "dissect/credssp/credssp_dissector.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/credssp/exchange.h"
#include "tests/dissect/rdp/golden.h"
#include "tests/support/talk.h"

namespace remora::credssp {
namespace {

using exchange::auth_info;
using exchange::client_nonce;
using exchange::error_code;
using exchange::hex;
using exchange::nego;
using exchange::ntlm_authenticate;
using exchange::ntlm_challenge;
using exchange::ntlm_negotiate;
using exchange::pub_key_auth;
using exchange::ts_request;
using observation::Authentication;
using testing::from_client;
using testing::from_server;
using testing::hear;
using testing::Heard;
using testing::Said;
namespace golden = testing::golden;

using Talk = std::vector<Said>;

Said client(const std::string& fields, const std::string& version = "06") {
  return from_client(hex(ts_request(fields, version)));
}
Said server(const std::string& fields, const std::string& version = "06") {
  return from_server(hex(ts_request(fields, version)));
}

Talk operator+(Talk one, const Talk& more) {
  one.insert(one.end(), more.begin(), more.end());
  return one;
}

/// Up to the client's proof.
Talk ntlm(const std::string& version = "06") {
  return {client(nego(ntlm_negotiate()), version), server(nego(ntlm_challenge()), version),
          client(nego(ntlm_authenticate()) + pub_key_auth(), version)};
}
Talk let_in(const std::string& version = "06") {
  return {server(pub_key_auth(), version), client(auth_info(), version)};
}
Talk rdp() {
  return {from_client(golden::connect_initial()), from_server(golden::connect_response()),
          from_client(golden::erect_domain())};
}

std::vector<Authentication> steps(const Heard& heard) {
  std::vector<Authentication> all;
  for (const auto& finding : heard.found) {
    if (const auto* step = std::get_if<Authentication>(&finding.what)) { all.push_back(*step); }
  }
  return all;
}

constexpr auto kNtlmThenRdp =
    "ntlm.challenge ntlm.authenticate credssp.pub_key_auth mcs.connect_initial "
    "mcs.connect_response ";

TEST(CredSspDissector, TellsNamesAndAccountOfNtlmAndHandsOverToRdp) {
  const auto heard = hear(ntlm() + let_in() + rdp());
  EXPECT_EQ(heard.rules(), kNtlmThenRdp);
  const auto told = steps(heard);
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0], (Authentication{.method = Authentication::Method::kNtlm,
                                     .step = Authentication::Step::kServer,
                                     .names = {"srv-fin.corp.example", "SRV-FIN"}}));
  EXPECT_EQ(told[1], (Authentication{.method = Authentication::Method::kNtlm,
                                     .step = Authentication::Step::kIdentity,
                                     .user = "anna",
                                     .domain = "CORP",
                                     .workstation = "WS-ANNA",
                                     .target = "TERMSRV/srv-fin.corp.example"}));
  EXPECT_EQ(told[2], (Authentication{.method = Authentication::Method::kNtlm,
                                     .step = Authentication::Step::kSucceeded}));
}

TEST(CredSspDissector, TellsTheSameInEveryVersionAndHoweverTheStreamIsCut) {
  for (const auto* version : {"02", "03", "04", "05", "06"}) {
    const auto talk = ntlm(version) + let_in(version) + rdp();
    EXPECT_EQ(hear(talk).rules(), kNtlmThenRdp) << version;
  }
  testing::expect_same_in_pieces(ntlm() + let_in() + rdp());
  testing::expect_same_in_pieces(ntlm() + Talk{server(error_code("c000006d"))});
}

TEST(CredSspDissector, TakesTheProofThatComesBehindTheLastToken) {
  const auto heard =
      hear(Talk{client(nego(ntlm_negotiate())), server(nego(ntlm_challenge())),
                client(nego(ntlm_authenticate())), client(pub_key_auth() + client_nonce())} +
           let_in() + rdp());
  EXPECT_EQ(heard.rules(), kNtlmThenRdp);
}

TEST(CredSspDissector, ReadsNtlmInSpnego) {
  const auto heard =
      hear(Talk{client(nego(exchange::spnego_init(exchange::der("06", "2b06010401823702020a"),
                                                  ntlm_negotiate()))),
                server(nego(exchange::spnego_resp(ntlm_challenge()))),
                client(nego(exchange::spnego_resp(ntlm_authenticate())) + pub_key_auth())} +
           let_in() + rdp());
  EXPECT_EQ(heard.rules(), kNtlmThenRdp);
}

TEST(CredSspDissector, TellsTheServiceOfAKerberosTicket) {
  const auto talk =
      Talk{client(nego(exchange::spnego_init(exchange::kUserToUser, exchange::tgt_req()))),
           server(nego(exchange::spnego_resp("6001"))),
           client(nego(exchange::spnego_resp(exchange::ap_req()))),
           server(nego(exchange::spnego_resp("6002"))),
           client(nego(exchange::spnego_resp("00")) + pub_key_auth() + client_nonce())} +
      let_in() + Talk{from_server(hex("00000000"))} + rdp();
  const auto heard = hear(talk);
  EXPECT_EQ(heard.rules(),
            "kerberos.ap_req credssp.pub_key_auth mcs.connect_initial mcs.connect_response ");
  const auto told = steps(heard);
  EXPECT_EQ(told[0], (Authentication{.method = Authentication::Method::kKerberos,
                                     .step = Authentication::Step::kIdentity,
                                     .domain = "CORP.EXAMPLE",
                                     .target = "TERMSRV/srv-fin.corp.example"}));
  EXPECT_EQ(told[1].method, Authentication::Method::kKerberos);
  testing::expect_same_in_pieces(talk);
}

TEST(CredSspDissector, DoesNotNameAMechanismThatItDoesNotKnow) {
  const auto heard = hear(Talk{client(nego("600102") + pub_key_auth())} + let_in());
  ASSERT_EQ(heard.rules(), "credssp.pub_key_auth ");
  EXPECT_EQ(steps(heard)[0].method, Authentication::Method::kOther);
}

TEST(CredSspDissector, TellsWhyTheServerRefuses) {
  auto heard = hear(ntlm() + Talk{server(error_code("c000006d"))});
  EXPECT_EQ(heard.rules(), "ntlm.challenge ntlm.authenticate credssp.error_code ");
  EXPECT_EQ(steps(heard)[2],
            (Authentication{.method = Authentication::Method::kNtlm,
                            .step = Authentication::Step::kFailed,
                            .error = observation::NamedCode{.code = 0xc000006d,
                                                            .name = "STATUS_LOGON_FAILURE"}}));
  EXPECT_FALSE(heard.conversation.wants_more());
}

TEST(CredSspDissector, ReadsTheEarlyAuthorizationResult) {
  const auto allowed = ntlm() + let_in() + Talk{from_server(hex("00000000"))} + rdp();
  EXPECT_EQ(hear(allowed).rules(), kNtlmThenRdp);
  testing::expect_same_in_pieces(allowed);
  const auto denied = ntlm() + let_in() + Talk{from_server(hex("05000000"))};
  auto heard = hear(denied);
  EXPECT_EQ(heard.rules(),
            "ntlm.challenge ntlm.authenticate credssp.pub_key_auth "
            "credssp.early_user_authorization ");
  EXPECT_EQ(steps(heard).back().error,
            (observation::NamedCode{.code = 5, .name = "AUTHZ_ACCESS_DENIED"}));
  EXPECT_FALSE(heard.conversation.wants_more());
  testing::expect_same_in_pieces(denied);
}

TEST(CredSspDissector, DoesNotTakeTheServersKeyForAWelcomeBeforeTheClientsProof) {
  EXPECT_EQ(hear({client(nego(ntlm_negotiate())), server(nego(ntlm_challenge()) + pub_key_auth())})
                .rules(),
            "ntlm.challenge ");
}

TEST(CredSspDissector, GoesOnWithAConnectionRequestInsideTls) {
  // [MS-RDPBCGR] 5.4.2.2: CredSSP is selected once more, and no TLS follows.
  const auto request = hex("0300 0013 0e e0 0000 0000 00 01 00 0800 02000000");
  const auto confirm = hex("0300 0013 0e d0 0000 1234 00 02 00 0800 02000000");
  const auto talk = ntlm() + let_in() + Talk{from_client(request), from_server(confirm)} + rdp();
  EXPECT_EQ(hear(talk).rules(),
            "ntlm.challenge ntlm.authenticate credssp.pub_key_auth x224.connection_request "
            "x224.connection_confirm mcs.connect_initial mcs.connect_response ");
  testing::expect_same_in_pieces(talk);
}

TEST(CredSspDissector, GoesOnToTheClientInfoOfWindows) {
  // Windows leaves anything in flagsHi of the security header ([MS-RDPBCGR] 2.2.8.1.1.2.1).
  const auto info = golden::client_info_plaintext();
  const auto size = info.size() + 4;
  auto pdu =
      hex("0300 0000 02f080"      // TPKT, X.224 Data
          "64 0008 03eb 70 8000"  // SendDataRequest on the I/O channel, length
          "4000 00c7");           // SEC_INFO_PKT, flagsHi
  pdu[12 + 1] = std::byte(0x80U | (size >> 8U));
  pdu[12 + 2] = std::byte(size & 0xffU);
  pdu.insert(pdu.end(), info.begin(), info.end());
  pdu[2] = std::byte(pdu.size() >> 8U);
  pdu[3] = std::byte(pdu.size() & 0xffU);
  // Connect-Response of a server that leaves protection to TLS: encryption NONE.
  const auto response =
      hex("0300 0076 02f080 7f66 6c 0a0100 020100 301a 020122 020103 020100 020101 020100 020101"
          "020300fff8 020102 0448 000500147c00012a14760a01010001c0004d63446e 32"
          "010c 1000 0c000800 03000000 00000000"
          "030c 1000 eb03 0400 ec03ed03ee03ef03"
          "020c 0c00 00000000 00000000"
          "040c 0600 f003");
  const auto heard =
      hear(ntlm() + let_in() +
           Talk{from_client(golden::connect_initial()), from_server(response), from_client(pdu)});
  EXPECT_EQ(heard.rules(), kNtlmThenRdp + std::string{"security.client_info "});
}

TEST(CredSspDissector, KnowsTheSidesByWhatTheySay) {
  // Reverse connection: the acceptor plays the client.
  auto talk = ntlm() + let_in();
  for (auto& said : talk) { said.from = other(said.from); }
  const auto heard = hear(talk);
  EXPECT_EQ(heard.rules(), "ntlm.challenge ntlm.authenticate credssp.pub_key_auth ");
  EXPECT_EQ(heard.found.back().from, Side::kInitiator);
}

TEST(CredSspDissector, TakesTheServersNamesFromTheClientWhereTheChallengeWasLost) {
  auto heard = hear({client(nego(ntlm_negotiate()))});
  heard.conversation.on_gap(Side::kAcceptor, 200, {}, heard.found);
  for (const auto& said : Talk{client(nego(ntlm_authenticate()) + pub_key_auth())} + let_in()) {
    heard.conversation.on_bytes(said.from, said.bytes, {}, heard.found);
  }
  EXPECT_EQ(heard.rules(), "ntlm.authenticate ntlm.authenticate credssp.pub_key_auth ");
  EXPECT_EQ(steps(heard)[0].names, (std::vector<std::string>{"srv-fin.corp.example", "SRV-FIN"}));
}

TEST(CredSspDissector, FindsRdpBehindAHole) {
  auto heard = hear(ntlm());
  heard.conversation.on_gap(Side::kInitiator, 40, {}, heard.found);
  auto rest = hex("1122 3344");
  const auto initial = golden::connect_initial();
  rest.insert(rest.end(), initial.begin(), initial.end());
  for (const auto byte : rest) {
    heard.conversation.on_bytes(Side::kInitiator, {&byte, 1}, {}, heard.found);
  }
  EXPECT_EQ(heard.rules(), "ntlm.challenge ntlm.authenticate mcs.connect_initial ");
}

TEST(CredSspDissector, LimitsWhatAPeerCanMakeItTell) {
  Talk talk;
  for (int i = 0; i < 100; ++i) { talk.push_back(client(nego(ntlm_authenticate()))); }
  EXPECT_EQ(steps(hear(talk)).size(), static_cast<std::size_t>(Negotiation::kMaxTold));
}

TEST(CredSspDissector, SaysSoWhenWhatFollowsIsNothingItKnows) {
  EXPECT_EQ(hear(ntlm() + Talk{from_client(hex("47455420"))}).rules(),
            "ntlm.challenge ntlm.authenticate credssp.ts_request ");
  EXPECT_EQ(hear(ntlm() + Talk{from_server(hex("01000000"))}).rules(),
            "ntlm.challenge ntlm.authenticate credssp.ts_request ");
  const auto damaged = hex("30 0a a0 03 02 01 06 a1 10 30 00 00");
  EXPECT_EQ(hear({from_client(damaged)}).rules(), "credssp.ts_request ");
}

TEST(CredSspDissector, SurvivesDamage) {
  testing::expect_survives_damage(ntlm() + let_in() + Talk{from_server(hex("00000000"))});
}

}  // namespace
}  // namespace remora::credssp
