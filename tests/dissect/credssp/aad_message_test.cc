#include "dissect/credssp/aad_message.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/credssp/json_text.h"

namespace remora::credssp {
namespace {

/// {"ts":"1","at":"<token>","u":"x"} in which the token's claims are
/// {"oid":"1","upn":"eva@corp.example"}.
const std::string kAssertion =
    "e30."
    "eyJ0cyI6IjEiLCJhdCI6ImUzMC5leUp2YVdRaU9pSXhJaXdpZFhCdUlqb2laWFpoUUdOdmNuQXVaWGhoYlhC"
    "c1pTSjkuQUEiLCJ1IjoieCJ9"
    ".AA";

TEST(JsonScalar, IsTheTextOrNumberOfAMember) {
  EXPECT_EQ(json_scalar(R"({"a":"1","b":{"c":"2"},"d": [1,"x"] , "c" : "3"})", "c"), "3");
  EXPECT_EQ(json_scalar(R"( {"a":-2147024891})", "a"), "-2147024891");
  EXPECT_EQ(json_scalar(R"({"a":"q\"\\\/\u00e9\n"})", "a"), "q\"\\/\xc3\xa9 ");
  EXPECT_EQ(json_scalar(R"({"x":"\"a\":\"no\"","a":"yes"})", "a"), "yes");
  EXPECT_FALSE(json_scalar(R"({"a":{"b":"1"}})", "b").has_value());
  EXPECT_FALSE(json_scalar(R"({"a":true})", "a").value_or("").size() > 1);
}

TEST(JsonScalar, EndsWhereTheTextDoes) {
  const std::string whole = R"({"b":[{"x":"\u12"}],"a":"value\u00e9"})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    (void)json_scalar(whole.substr(0, size), "a");
    (void)json_scalar(whole.substr(size), "a");
  }
  EXPECT_FALSE(json_scalar("", "a").has_value());
  EXPECT_FALSE(json_scalar("[1]", "a").has_value());
}

TEST(AadAccount, IsThePrincipalNameInTheClaimsOfTheToken) {
  const auto account = aad_account(R"({"rdp_assertion":")" + kAssertion + "\"}");
  ASSERT_TRUE(account.has_value());
  EXPECT_EQ(account->user, "eva");
  EXPECT_EQ(account->domain, "corp.example");
}

TEST(AadAccount, IsUnknownWhereTheTokenCannotBeRead) {
  EXPECT_FALSE(aad_account(R"({"ts_nonce":"abc"})").has_value());
  EXPECT_FALSE(aad_account(R"({"rdp_assertion":"e30.e30.AA"})").has_value());
  EXPECT_FALSE(aad_account(R"({"rdp_assertion":"opaque"})").has_value());
  EXPECT_FALSE(aad_account(R"({"rdp_assertion":"e30.!!!.AA"})").has_value());
  EXPECT_FALSE(aad_account(R"({"rdp_assertion":5})").has_value());
}

TEST(AadResult, IsAnHresultHoweverItIsWritten) {
  EXPECT_EQ(aad_result(R"({"authentication_result":0})")->code, 0U);
  EXPECT_EQ(aad_result(R"({"authentication_result":"0"})")->name, "S_OK");
  for (const auto* text : {"2147942405", "-2147024891", "\"0x80070005\""}) {
    const auto result = aad_result(std::string{"{\"authentication_result\":"} + text + "}");
    ASSERT_TRUE(result.has_value()) << text;
    EXPECT_EQ(result->code, 0x80070005U);
    EXPECT_EQ(result->name, "E_ACCESSDENIED");
  }
  EXPECT_FALSE(aad_result(R"({"authentication_result":"none"})").has_value());
  EXPECT_FALSE(aad_result(R"({"ts_nonce":"abc"})").has_value());
}

}  // namespace
}  // namespace remora::credssp
