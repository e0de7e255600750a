#include "dissect/credssp/aad_dissector.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/talk.h"

namespace remora::credssp {
namespace {

using testing::from_client;
using testing::from_server;
using testing::hear;
using testing::hex;
using testing::Said;
using testing::text_bytes;
using namespace std::string_view_literals;

std::vector<Said> talk(std::string_view nonce, std::string_view assertion,
                       std::string_view result) {
  return {from_server(text_bytes(nonce)), from_client(text_bytes(assertion)),
          from_server(text_bytes(result)), from_client(testing::golden::connect_initial()),
          from_server(testing::golden::connect_response())};
}

TEST(RdsAad, TellsWhoLogsOnAndWhetherTheServerBelievesIt) {
  // Claims: {"oid":"1","upn":"eva@corp.example"}.
  const std::string payload =
      "eyJ0cyI6IjEiLCJhdCI6ImUzMC5leUp2YVdRaU9pSXhJaXdpZFhCdUlqb2laWFpoUUdOdm"
      "NuQXVaWGhoYlhCc1pTSjkuQUEiLCJ1IjoieCJ9";
  const auto heard =
      hear(talk("{\"ts_nonce\":\"abc\"}"sv, "{\"rdp_assertion\":\"e30." + payload + ".AA\"}",
                "{\"authentication_result\":\"-805306259\"}"sv));
  ASSERT_GE(heard.found.size(), 2U);
  const auto& who = std::get<observation::Authentication>(heard.found[0].what);
  EXPECT_EQ(who.step, observation::Authentication::Step::kIdentity);
  EXPECT_EQ(who.user, "eva");
  EXPECT_EQ(who.domain, "corp.example");
  const auto& result = std::get<observation::Authentication>(heard.found[1].what);
  EXPECT_EQ(result.step, observation::Authentication::Step::kFailed);
  EXPECT_EQ(result.error->name, "STATUS_LOGON_FAILURE");
}

TEST(RdsAad, StepsOverItsMessagesAndHandsOverToRdp) {
  for (const auto& said : {talk("{\"ts_nonce\":\"abc\"}"sv, "{\"rdp_assertion\":\"e30.e30.AA\"}"sv,
                                "{\"authentication_result\":0}"sv),
                           // Each with its NUL; braces and quotes in texts.
                           talk("{\"ts_nonce\":\"a}\\\"b\"}\0"sv,
                                "{\"rdp_assertion\":\"\\\\\",\"x\":[{\"y\":\"{\"}]}\0"sv,
                                "{\"authentication_result\": 0}\r\n\0"sv)}) {
    EXPECT_EQ(hear(said).rules(),
              "rdsaad.authentication_result mcs.connect_initial mcs.connect_response ");
    testing::expect_same_in_pieces(said);
    testing::expect_survives_damage({said.begin(), said.begin() + 3});
  }
}

TEST(RdsAad, KeepsAMessageUntilItIsWholeAndNothingOfItThen) {
  auto heard = hear({from_server(text_bytes("{\"ts_nonce\":\"abc\"}")),
                     from_client(text_bytes("{\"rdp_assertion\":\"" + std::string(9000, 'A')))});
  EXPECT_GT(heard.conversation.tail_bytes(), 9000U);
  heard.conversation.on_bytes(Side::kInitiator, text_bytes("\"}"), {}, heard.found);
  EXPECT_EQ(heard.conversation.tail_bytes(), 0U);
  EXPECT_TRUE(heard.conversation.wants_more());
}

TEST(RdsAad, GivesUpWhereAMessageHasNoEnd) {
  const auto endless = "{\"rdp_assertion\":\"" + std::string(JsonMessage::kMaxBytes + 1, 'A');
  const std::vector<Said> said{from_server(text_bytes("{\"ts_nonce\":\"abc\"}")),
                               from_client(text_bytes(endless)), from_client(text_bytes("BBBB"))};
  EXPECT_EQ(hear(said).rules(), "rdsaad.message ");
  EXPECT_EQ(hear(said, 4096).rules(), "rdsaad.message ");
  EXPECT_EQ(hear({said[0], from_client(text_bytes("xyz"))}).rules(), "rdsaad.message ");
}

TEST(RdsAad, FindsRdpBehindAHole) {
  auto heard = hear({from_server(text_bytes("{\"ts_nonce\":\"abc\"}"))});
  heard.conversation.on_gap(Side::kInitiator, 100, {}, heard.found);
  heard.conversation.on_bytes(Side::kInitiator, text_bytes("AAAA\"}\0"sv), {}, heard.found);
  heard.conversation.on_bytes(Side::kInitiator, testing::golden::connect_initial(), {},
                              heard.found);
  EXPECT_EQ(heard.rules(), "mcs.connect_initial ");
}

TEST(RdsAad, IsRecognisedByTheNonce) {
  EXPECT_EQ(recognise_aad(as_bytes("{\"ts_nonce\":\"")), Verdict::kYes);
  EXPECT_EQ(recognise_aad(as_bytes("{\"ts_")), Verdict::kMore);
  EXPECT_EQ(recognise_aad(as_bytes("{\"name\"")), Verdict::kNo);
}

}  // namespace
}  // namespace remora::credssp
