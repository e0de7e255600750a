#include "dissect/http/http_dissector.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/http/family.h"
#include "dissect/http/login.h"
#include "tests/support/ticket_texts.h"
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
  EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).told, "");
}

TEST(HttpDissector, ReadsNoLoginBehindTheFirstAnswerThatAsksForNone) {
  for (const auto& answer :
       {refuse("", "200 OK"), refuse("WWW-Authenticate: Basic realm=\"x\"\r\n"), refuse("")}) {
    const std::vector<Said> talk{get(""), answer,
                                 get("Authorization: NTLM " + kAuthenticate + "\r\n")};
    EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).told, "");
  }
  const std::vector<Said> offered{get(""), refuse("WWW-Authenticate: Basic x, negotiate, NTLM\r\n"),
                                  get("Authorization: NTLM " + kAuthenticate + "\r\n")};
  EXPECT_EQ(testing::listen(family(), offered, 1U << 16U).told, "client WS; client CORP\\alice; ");
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

TEST(HttpDissector, LeavesWhatItCannotFollow) {
  const std::vector<std::vector<Said>> talks{
      {get(""), say(kServer, "\x16\x03\x01")},
      {get("Upgrade: x\r\n"), say(kServer, "HTTP/1.1 101 Switching Protocols\r\n")},
      {get(""), say(kServer, "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n", "\x89PNG")},
  };
  for (const auto& talk : talks) {
    EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).recognition, Recognition::kNothing);
  }
}

TEST(HttpDissector, ReadsALoginUpToItsLimit) {
  std::vector<Said> talk;
  for (std::uint32_t exchange = 0; exchange < Login::kMaxExchanges + 2; ++exchange) {
    talk.push_back(get("Authorization: NTLM " + kNegotiate + "\r\n"));
    talk.push_back(refuse("WWW-Authenticate: NTLM " + kChallenge + "\r\n"));
  }
  talk.push_back(get("Authorization: NTLM " + kAuthenticate + "\r\n"));
  const auto told = testing::listen(family(), talk, 1U << 16U).told;
  EXPECT_EQ(told.find("client"), std::string::npos);
  EXPECT_EQ(told.size(), Login::kMaxExchanges * std::string{"server srv.corp.example; "}.size());
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

/// "http.delete /a; ticket.seen a.msrcIncident /a from server; "
[[nodiscard]] std::string documents(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& finding : found) {
    if (const auto* seen = std::get_if<observation::TicketSeen>(&finding.what)) {
      text += "seen " + seen->carriage.file_name + " at " + seen->carriage.place +
              (finding.from == kClient ? " up; " : " down; ");
    } else if (const auto* refused = std::get_if<observation::TicketRefused>(&finding.what)) {
      text += "refused " + refused->carriage.file_name + "; ";
    } else if (const auto* deleted = std::get_if<observation::CopyDeleted>(&finding.what)) {
      text += "deleted " + deleted->carriage.place + "; ";
    } else if (const auto* moved = std::get_if<observation::CopyMoved>(&finding.what)) {
      text += (moved->stays ? "copied " : "moved ") + moved->carriage.place + " to " +
              moved->new_place + "; ";
    }
  }
  return text;
}

[[nodiscard]] std::string hear(const std::vector<Said>& talk, std::size_t piece = 1U << 20U,
                               bool ends = false) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  for (const auto& said : talk) {
    for (ByteView rest = said.bytes; !rest.empty();) {
      const auto next = rest.first(std::min(piece, rest.size()));
      const std::vector<std::byte> copy(next.begin(), next.end());
      conversation.on_bytes(said.from, copy, {}, found);
      rest = rest.subspan(next.size());
    }
  }
  if (ends) { conversation.on_end(kServer, {}, found); }
  return documents(found);
}

/// However the stream is cut, and damaged anywhere.
void expect_documents(const std::vector<Said>& talk, const std::string& expected,
                      bool ends = false) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 50U, 1000U, 1U << 20U}) {
    EXPECT_EQ(hear(talk, piece, ends), expected) << "pieces of " << piece;
  }
  for (std::size_t at = 0; at < talk.size(); ++at) {
    auto changed = talk;
    for (std::size_t byte = 0; byte < talk[at].bytes.size(); byte += 3) {
      changed[at].bytes[byte] ^= std::byte{0xff};
      (void)hear(changed);
      changed[at].bytes[byte] ^= std::byte{0xff};
    }
  }
}

const std::string kTicket = testing::xp_ticket();

[[nodiscard]] std::string length_of(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n";
}
[[nodiscard]] Said answer(const std::string& headers, const std::string& body,
                          const char* status = "200 OK") {
  return say(kServer, std::string{"HTTP/1.1 "} + status + "\r\n" + headers, body);
}
[[nodiscard]] std::string chunked(const std::string& body, std::size_t size) {
  std::string text;
  for (std::size_t at = 0; at < body.size(); at += size) {
    const auto chunk = body.substr(at, size);
    std::array<char, 16> line{};
    const auto end = std::to_chars(line.begin(), line.end(), chunk.size(), 16).ptr;
    text += std::string{line.begin(), end} + ";x=y\r\n" + chunk + "\r\n";
  }
  return text + "0\r\nDigest: none\r\n\r\n";
}

TEST(HttpDocuments, AreFoundInEveryFraming) {
  expect_documents({get("", "/pub/a.msrcIncident"), answer(length_of(kTicket), kTicket)},
                   "seen a.msrcIncident at /pub/a.msrcIncident down; ");
  expect_documents({get("", "/a?b"), answer("Transfer-Encoding: chunked\r\n", chunked(kTicket, 50)),
                    get("", "/c"), answer(length_of(kTicket), kTicket)},
                   "seen a at /a?b down; seen c at /c down; ");
  expect_documents({get("", "/a"), answer("", kTicket)}, "seen a at /a down; ");
  expect_documents({get("", "/a.msrcIncident"), answer("", kTicket.substr(0, 150))},
                   "refused a.msrcIncident; ", true);
}

TEST(HttpDocuments, BelongToTheirRequestsWhenSeveralWait) {
  expect_documents({get("", "/a"), say(kClient, "HEAD /b HTTP/1.1\r\n"), get("", "/c"),
                    answer(length_of(kTicket), kTicket), answer(length_of(kTicket), ""),
                    answer("", "", "304 Not Modified"), get("", "/d"),
                    answer("", "", "100 Continue"), answer(length_of(kTicket), kTicket)},
                   "seen a at /a down; seen d at /d down; ");
}

TEST(HttpDocuments, GoUpToo) {
  expect_documents(
      {say(kClient, "PUT /dav/a.msrcIncident HTTP/1.1\r\n" + length_of(kTicket), kTicket),
       answer("Content-Length: 0\r\n", "", "201 Created"),
       say(kClient, "POST /up.php HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
           chunked(kTicket, 99)),
       answer("Content-Length: 2\r\n", "ok")},
      "seen a.msrcIncident at /dav/a.msrcIncident up; seen  at  up; ");
}

TEST(HttpDocuments, OfAnErrorLieNowhere) {
  expect_documents({get("", "/a"), answer(length_of(kTicket), kTicket, "404 Not Found")},
                   "seen  at  down; ");
}

TEST(HttpDocuments, ComeInParts) {
  const auto first = kTicket.substr(0, 200);
  const auto second = kTicket.substr(200);
  const auto range = [](std::size_t from, std::size_t to) {
    return "Content-Range: bytes " + std::to_string(from) + "-" + std::to_string(to - 1) + "/" +
           std::to_string(kTicket.size()) + "\r\n";
  };
  expect_documents(
      {get("", "/a"), answer(range(0, 200) + length_of(first), first, "206 Partial Content"),
       get("", "/a"),
       answer(range(200, kTicket.size()) + length_of(second), second, "206 Partial Content")},
      "seen a at /a down; ");
  expect_documents(
      {get("", "/a.msrcIncident"),
       answer(range(200, kTicket.size()) + length_of(second), second, "206 Partial Content")},
      "");
}

TEST(HttpDocuments, AreDeletedAndMovedWhenTheServerSaysSo) {
  const auto ask = [](const std::string& line, const std::string& headers = "") {
    return say(kClient, line + " HTTP/1.1\r\n" + headers);
  };
  expect_documents(
      {ask("DELETE /dav/%61"), answer("", "", "204 No Content"), ask("DELETE /b"),
       answer("Content-Length: 0\r\n", "", "403 Forbidden"), ask("DELETE /c"),
       answer("Content-Length: 0\r\n", "", "207 Multi-Status"),
       ask("MOVE /d", "Destination: http://srv/e%20f\r\n"), answer("", "", "204 No Content"),
       ask("COPY /d", "Destination: /g\r\n"), answer("Content-Length: 0\r\n", "", "201 Created")},
      "deleted /dav/a; moved /d to /e f; copied /d to /g; ");
}

TEST(HttpDocuments, DoNotWaitForABodyThatTheServerDidNotWant) {
  expect_documents(
      {say(kClient, "PUT /a HTTP/1.1\r\nExpect: 100-continue\r\n" + length_of(kTicket)),
       answer("Content-Length: 0\r\n", "", "417 Expectation Failed"),
       say(kClient, "PUT /b HTTP/1.1\r\n" + length_of(kTicket), kTicket)},
      "seen b at /b up; ");
}

TEST(HttpDocuments, AreNotKept) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  conversation.on_bytes(kClient, get("").bytes, {}, found);
  const auto head = answer("Content-Type: video/mp4\r\nContent-Length: 1000000000\r\n", "\x01");
  conversation.on_bytes(kServer, head.bytes, {}, found);
  EXPECT_EQ(conversation.tail_bytes(), 0U);
  // Passed over: a hole in it is harmless.
  conversation.on_gap(kServer, 999'999'999 - 10, {}, found);
  std::vector<std::byte> rest(10, std::byte{'x'});
  conversation.on_bytes(kServer, rest, {}, found);
  conversation.on_bytes(kClient, get("", "/a").bytes, {}, found);
  conversation.on_bytes(kServer, answer(length_of(kTicket), kTicket).bytes, {}, found);
  EXPECT_EQ(documents(found), "seen a at /a down; ");
}

TEST(HttpDocuments, WithAHoleAreGivenUpAndWhatFollowsIsRead) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  const auto say_all = [&](const Said& said) {
    conversation.on_bytes(said.from, said.bytes, {}, found);
  };
  say_all(get("", "/a.msrcIncident"));
  say_all(answer(length_of(kTicket), kTicket.substr(0, 100)));
  conversation.on_gap(kServer, kTicket.size() - 150, {}, found);
  say_all({kServer, std::vector<std::byte>(50, std::byte{'x'})});
  say_all(get("", "/b"));
  say_all(answer(length_of(kTicket), kTicket));
  EXPECT_EQ(documents(found), "seen b at /b down; ");
}

TEST(HttpDissector, ReadsNoPasswordAndNoDamagedToken) {
  const std::vector<Said> talk{get("Authorization: Basic YWxpY2U6c2VjcmV0\r\n"),
                               refuse("WWW-Authenticate: NTLM !!!\r\n")};
  EXPECT_EQ(testing::listen(family(), talk, 1U << 16U).told, "");
}

}  // namespace
}  // namespace remora::http
