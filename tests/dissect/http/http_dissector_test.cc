#include "dissect/http/http_dissector.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/http/family.h"
#include "tests/support/told.h"

namespace remora::http {
namespace {

using testing::Said;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

// [MS-NLMP] 2.2.1 in base64: NEGOTIATE; CHALLENGE of srv.corp.example; AUTHENTICATE of CORP\alice
// on WS. Made by hand from the bytes of smb/messages.h.
const std::string kNegotiate = "TlRMTVNTUAABAAAAAQIIAA==";
const std::string kChallenge =
    "TlRMTVNTUAACAAAAAAAAADAAAAABAIAAASNFZ4mrze8AAAAAAAAAACgAKAAwAAAAAwAgAHMAcgB2AC4AYwBvAHIAcAAuAG"
    "UAeABhAG0AcABsAGUAAAAAAA==";
const std::string kAuthenticate =
    "TlRMTVNTUAADAAAAAAAAAEAAAAAAAAAAQAAAAAgACABAAAAACgAKAEgAAAAEAAQAUgAAAAAAAABWAAAAAQIIAEMATwBSAF"
    "AAYQBsAGkAYwBlAFcAUwA=";
const std::string kTold = "server srv.corp.example; client WS; client CORP\\alice; ";

[[nodiscard]] Said say(Side from, const std::string& head, const std::string& body = "") {
  const auto text = head + "\r\n" + body;
  const auto bytes = as_bytes(text);
  return {from, {bytes.begin(), bytes.end()}};
}
[[nodiscard]] Said get(const std::string& headers, const char* target = "/") {
  return say(kClient, std::string{"GET "} + target + " HTTP/1.1\r\nHost: srv\r\n" + headers);
}
[[nodiscard]] Said refuse(const std::string& headers, const char* status = "401 Unauthorized") {
  return say(kServer, std::string{"HTTP/1.1 "} + status + "\r\nContent-Length: 4\r\n" + headers,
             "none");
}

TEST(HttpDissector, TellsALoginHoweverTheStreamIsCut) {
  const std::vector<Said> talk{
      get(""),
      refuse("WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n"),
      say(kClient,
          "POST /wsman HTTP/1.1\r\nAuthorization: NTLM " + kNegotiate + "\r\nContent-Length: 3\r\n",
          "abc"),
      refuse("WWW-Authenticate: NTLM " + kChallenge + "\r\n"),
      get("Authorization: NTLM " + kAuthenticate + "\r\n"),
  };
  testing::expect_names_however_cut(family(), talk, kTold);
  EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).recognition, Recognition::kNothing);
}

TEST(HttpDissector, TellsALoginAtAProxy) {
  const char* target = "http://www.example/";
  const std::vector<Said> talk{
      get("Proxy-Authorization: Negotiate " + kNegotiate + "\r\n", target),
      refuse("Proxy-Authenticate: Negotiate " + kChallenge + "\r\n", "407 Proxy"),
      get("Proxy-Authorization: Negotiate " + kAuthenticate + "\r\n", target),
  };
  EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).told, kTold);
}

TEST(HttpDissector, DoesNotTakeTheServerBehindAProxyForTheOtherEnd) {
  const char* target = "http://www.example/";
  const std::vector<Said> talk{
      get("Authorization: NTLM " + kNegotiate + "\r\n", target),
      refuse("WWW-Authenticate: NTLM " + kChallenge + "\r\n"),
  };
  const auto listened = testing::listen(family(), talk, 1U << 16U);
  EXPECT_EQ(listened.told, "");
  EXPECT_EQ(listened.recognition, Recognition::kNothing);
}

TEST(HttpDissector, LeavesAtTheFirstAnswerThatAsksForNoSuchLogin) {
  for (const auto& answer :
       {refuse("", "200 OK"), refuse("WWW-Authenticate: Basic realm=\"x\"\r\n"), refuse("")}) {
    std::vector<Said> talk{get("")};
    EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).recognition, Recognition::kRecognised);
    talk.push_back(answer);
    EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).recognition, Recognition::kNothing);
  }
  const std::vector<Said> offered{get(""),
                                  refuse("WWW-Authenticate: Basic x, negotiate, NTLM\r\n")};
  EXPECT_EQ(testing::listen(family(), offered, 1U << 16U).recognition, Recognition::kRecognised);
}

TEST(HttpDissector, KnowsAnswersWithoutBody) {
  const std::vector<Said> talk{
      say(kClient, "HEAD / HTTP/1.1\r\nHost: srv\r\n"),
      say(kServer, "HTTP/1.1 401 No\r\nContent-Length: 400\r\nWWW-Authenticate: NTLM\r\n"),
      get("Authorization: NTLM " + kNegotiate + "\r\n"),
      say(kServer, "HTTP/1.1 100 Continue\r\n"),
      refuse("WWW-Authenticate: NTLM " + kChallenge + "\r\n"),
  };
  EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).told, "server srv.corp.example; ");
}

TEST(HttpDissector, LeavesWhereTheEndOfABodyCannotBeFollowed) {
  const std::vector<Said> talk{
      say(kClient, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", "3\r\nabc\r\n")};
  EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).recognition, Recognition::kNothing);
  const std::vector<Said> broken{get(""), say(kServer, "\x16\x03\x01")};
  EXPECT_EQ(testing::listen(family(), broken, 1U << 16U).recognition, Recognition::kNothing);
}

TEST(HttpDissector, LeavesAfterItsLimit) {
  std::vector<Said> talk;
  for (std::uint32_t exchange = 0; exchange < HttpDissector::kMaxExchanges; ++exchange) {
    EXPECT_NE(testing::listen(family(), talk, 1U << 16U).recognition, Recognition::kNothing);
    talk.push_back(get("Authorization: NTLM " + kNegotiate + "\r\n"));
    talk.push_back(refuse("WWW-Authenticate: NTLM " + kChallenge + "\r\n"));
  }
  EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).recognition, Recognition::kNothing);
}

TEST(HttpDissector, GoesOnAtTheNextHeadAfterAHole) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  const auto hear = [&](const Said& said) {
    conversation.on_bytes(said.from, said.bytes, {}, found);
  };
  hear(get("Authorization: NTLM " + kNegotiate + "\r\n"));
  conversation.on_gap(kServer, 600, {}, found);
  hear({kServer, {4, std::byte{'<'}}});
  hear(get("Authorization: NTLM " + kAuthenticate + "\r\n"));
  EXPECT_EQ(testing::names_and_accounts(found), "client WS; client CORP\\alice; ");
}

TEST(HttpDissector, LeavesWhenNoHeadFollowsAHole) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  conversation.on_bytes(kClient, get("").bytes, {}, found);
  conversation.on_gap(kServer, 600, {}, found);
  const std::vector<std::byte> body(4, std::byte{'<'});
  for (std::uint32_t piece = 0; piece < HttpDissector::kMaxPiecesWithoutHead; ++piece) {
    conversation.on_bytes(kServer, body, {}, found);
  }
  EXPECT_EQ(conversation.recognition(), Recognition::kRecognised);
  conversation.on_bytes(kServer, body, {}, found);
  EXPECT_EQ(conversation.recognition(), Recognition::kNothing);
}

TEST(HttpDissector, ReadsNoPasswordAndNoDamagedToken) {
  const std::vector<Said> talk{get("Authorization: Basic YWxpY2U6c2VjcmV0\r\n"),
                               refuse("WWW-Authenticate: NTLM !!!\r\n")};
  EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).told, "");
}

}  // namespace
}  // namespace remora::http
