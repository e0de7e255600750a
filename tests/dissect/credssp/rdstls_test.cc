#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/credssp/rdstls_dissector.h"
#include "dissect/credssp/rdstls_pdu.h"
#include "tests/dissect/credssp/exchange.h"
#include "tests/dissect/rdp/golden.h"
#include "tests/support/laws.h"
#include "tests/support/talk.h"

namespace remora::credssp {
namespace {

using exchange::hex;
using exchange::u16;
using exchange::utf16_of;
using observation::Authentication;
using testing::from_client;
using testing::from_server;
using testing::hear;
using testing::Said;

const auto kCapabilities =
    hex("0100"    // Version
        "0100"    // PduType: capabilities
        "0100"    // DataType
        "0100");  // SupportedVersions

std::vector<std::byte> password_request() {
  return hex(
      "0100 0200 0100"     // Version, PduType, DataType: password
      "0600 410041000000"  // RedirectionGuid
      "0a00" +
      utf16_of("anna") +
      "0000"  // UserName
      "0a00" +
      utf16_of("CORP") +
      "0000"  // Domain
      "1400" +
      utf16_of("MARKERPASS"));  // Password
}

const auto kCookieRequest =
    hex("0100 0200 0200"
        "02000000"  // SessionID
        "1c00 1c000000 01000000 02000000 000102030405060708090a0b0c0d0e0f");

std::vector<std::byte> response(const std::string& result) {
  return hex("0100 0400 0100" + result);
}

std::vector<Said> talk(const std::vector<std::byte>& request, const std::string& result) {
  return {from_server(kCapabilities), from_client(request), from_server(response(result)),
          from_client(testing::golden::connect_initial())};
}

TEST(Rdstls, TellsTheUserAndTheResultAndHandsOverToRdp) {
  const auto said = talk(password_request(), "00000000");
  const auto heard = hear(said);
  EXPECT_EQ(heard.rules(),
            "rdstls.authentication_request rdstls.authentication_response mcs.connect_initial ");
  const auto& identity = std::get<Authentication>(heard.found[0].what);
  EXPECT_EQ(identity, (Authentication{.method = Authentication::Method::kRdstls,
                                      .step = Authentication::Step::kIdentity,
                                      .user = "anna",
                                      .domain = "CORP"}));
  EXPECT_EQ(heard.found[0].from, Side::kInitiator);
  EXPECT_EQ(std::get<Authentication>(heard.found[1].what).step, Authentication::Step::kSucceeded);
  testing::expect_same_in_pieces(said);
  testing::expect_survives_damage(said);
}

TEST(Rdstls, TellsTheNameOfARefusal) {
  auto heard = hear(talk(password_request(), "2e050000"));
  EXPECT_EQ(heard.rules(), "rdstls.authentication_request rdstls.authentication_response ");
  const auto& answer = std::get<Authentication>(heard.found[1].what);
  EXPECT_EQ(answer.step, Authentication::Step::kFailed);
  EXPECT_EQ(answer.error,
            (observation::NamedCode{.code = 0x52e, .name = "RDSTLS_RESULT_LOGON_FAILURE"}));
  EXPECT_FALSE(heard.conversation.wants_more());
}

TEST(Rdstls, PassesOverWhatTheWrongSideSays) {
  const std::vector<Said> said{from_server(kCapabilities), from_client(response("00000000")),
                               from_client(password_request()), from_server(password_request()),
                               from_server(response("2e050000"))};
  const auto heard = hear(said);
  EXPECT_EQ(heard.rules(), "rdstls.authentication_request rdstls.authentication_response ");
  EXPECT_EQ(heard.found[0].from, Side::kInitiator);
  EXPECT_EQ(std::get<Authentication>(heard.found[1].what).step, Authentication::Step::kFailed);
  testing::expect_same_in_pieces(said);
}

TEST(Rdstls, StepsOverACookie) {
  const auto said = talk(kCookieRequest, "00000000");
  EXPECT_EQ(hear(said).rules(), "rdstls.authentication_response mcs.connect_initial ");
  testing::expect_same_in_pieces(said);
}

TEST(Rdstls, FollowsTheServersAnswerToCredentialsThatItDoesNotKnow) {
  const auto said = talk(hex("0200 0200 0300 112233445566"), "00000000");
  EXPECT_EQ(hear(said).rules(), "rdstls.pdu rdstls.authentication_response mcs.connect_initial ");
  testing::expect_same_in_pieces(said);
}

TEST(Rdstls, FindsRdpBehindAHole) {
  auto heard = hear({from_server(kCapabilities)});
  heard.conversation.on_gap(Side::kInitiator, 100, {}, heard.found);
  heard.conversation.on_bytes(Side::kInitiator, testing::golden::connect_initial(), {},
                              heard.found);
  EXPECT_EQ(heard.rules(), "mcs.connect_initial ");
}

TEST(Rdstls, IsRecognisedByItsCapabilities) {
  for (std::size_t size = 1; size < kCapabilities.size(); ++size) {
    EXPECT_EQ(recognise_rdstls(ByteView{kCapabilities}.first(size)), Verdict::kMore) << size;
  }
  EXPECT_EQ(recognise_rdstls(kCapabilities), Verdict::kYes);
  EXPECT_EQ(recognise_rdstls(hex("0200 0100 0100 0300")), Verdict::kYes);
  EXPECT_EQ(recognise_rdstls(hex("0100 0100 0100 0000")), Verdict::kNo);
  EXPECT_EQ(recognise_rdstls(hex("0100 0200")), Verdict::kNo);
  EXPECT_EQ(recognise_rdstls(hex("0300")), Verdict::kNo);
}

TEST(Rdstls, PdusAreMeasuredByTheirFields) {
  for (const auto& pdu :
       {kCapabilities, password_request(), kCookieRequest, response("00000000")}) {
    EXPECT_TRUE(measure_rdstls_pdu(pdu).is_whole());
    EXPECT_EQ(measure_rdstls_pdu(pdu).size(), pdu.size());
    for (std::size_t size = 0; size < pdu.size(); ++size) {
      EXPECT_TRUE(measure_rdstls_pdu(ByteView{pdu}.first(size)).needs_more()) << size;
    }
  }
  EXPECT_TRUE(measure_rdstls_pdu(hex("0000 0100 0100")).is_lost());
  EXPECT_TRUE(measure_rdstls_pdu(hex("0100 0300 0100")).is_lost());
  testing::expect_reader_laws(ByteView{password_request()}.subspan(kRdstlsHeaderBytes),
                              read_rdstls_password_request);
}

}  // namespace
}  // namespace remora::credssp
