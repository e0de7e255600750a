#include "dissect/proxy/http_connect.h"

#include <gtest/gtest.h>

#include "dissect/proxy/family.h"
#include "tests/support/hex.h"
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
using testing::text_bytes;

constexpr std::string_view kRequest{
    "CONNECT rds01.corp.example:3389 HTTP/1.1\r\n"
    "Host: rds01.corp.example:3389\r\n"
    "proxy-authorization: Basic ZXZhOnNlY3JldA==\r\n"  // eva:secret
    "\r\n"};
constexpr std::string_view kGranted{
    "HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n"};
constexpr std::string_view kLoginWanted{
    "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 5\r\n\r\nsorry"};
const auto kConnectionRequest = hex("0300 0013 0e e0 0000 0000 00 01 00 0800 00000000");

TEST(HttpConnect, RequestTellsWhereToAndWhoButNoPassword) {
  const auto request = read_connect_request(as_bytes(kRequest));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->host, "rds01.corp.example");
  EXPECT_EQ(request->port, 3389);
  EXPECT_EQ(request->user, "eva");
}

TEST(HttpConnect, CredentialsWithoutPasswordAreNotTold) {
  const auto request = read_connect_request(
      as_bytes("CONNECT a:1 HTTP/1.1\r\nProxy-Authorization: Basic c2VjcmV0\r\n\r\n"));
  ASSERT_TRUE(request.has_value());
  EXPECT_TRUE(request->user.empty());
}

TEST(HttpConnect, AnswerTellsStatusAndBody) {
  const auto answer = read_connect_answer(as_bytes(kLoginWanted));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 407);
  EXPECT_EQ(answer->content_length, 5U);
  EXPECT_FALSE(answer->chunked);
  EXPECT_FALSE(read_connect_answer(as_bytes("SSH-2.0-x\r\n\r\n")).has_value());
  EXPECT_FALSE(read_connect_answer(as_bytes("HTTP/1.1 \r\n\r\n")).has_value());
}

TEST(HttpConnect, RecogniserKnowsTheRequestLine) {
  const auto recognise = http_connect_family().recognise;
  for (std::size_t size = 0; size < kRequest.find("\r\n") + 2; ++size) {
    EXPECT_EQ(recognise(as_bytes(kRequest.substr(0, size))), Verdict::kMore) << size;
  }
  EXPECT_EQ(recognise(as_bytes(kRequest)), Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("CONNECT [2001:db8::7]:3389 HTTP/1.0\r\n")), Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("CONNECT rds01 HTTP/1.1\r\n")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("CONNECT a:0 HTTP/1.1\r\n")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("CONNECT {\"lang\":\"en\"}\r\n")), Verdict::kNo);  // NATS
  EXPECT_EQ(recognise(as_bytes("GET / HTTP/1.1\r\n")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("CONNECT " + std::string(400, 'a'))), Verdict::kNo);
}

TEST(HttpConnect, HeadHasALimit) {
  const std::string head(kMaxHeadBytes, 'a');
  EXPECT_TRUE(measure_head(as_bytes(head)).is_lost());
  EXPECT_TRUE(measure_head(as_bytes(head).first(kMaxHeadBytes - 1)).needs_more());
}

TEST(HttpConnect, GrantedRequestIsFollowedByRdp) {
  const std::vector talk{from_client(text_bytes(kRequest)), from_server(text_bytes(kGranted)),
                         from_client(kConnectionRequest)};
  const auto heard = hear(talk);
  EXPECT_EQ(heard.rules(), "proxy.http_connect proxy.http_connect x224.connection_request ");
  EXPECT_EQ(heard.only<ProxyAsked>(), (ProxyAsked{.kind = ProxyKind::kHttpConnect,
                                                  .target_name = "rds01.corp.example",
                                                  .target_port = 3389,
                                                  .user = "eva"}));
  EXPECT_EQ(heard.only<ProxyAnswered>().code, 200U);
  testing::expect_same_in_pieces(talk);
  testing::expect_survives_damage(talk);
}

TEST(HttpConnect, RequestIsRepeatedWithCredentials) {
  const std::vector talk{from_client(text_bytes("CONNECT 198.51.100.20:3389 HTTP/1.1\r\n\r\n")),
                         from_server(text_bytes(kLoginWanted)), from_client(text_bytes(kRequest)),
                         from_server(text_bytes(kGranted)), from_client(kConnectionRequest)};
  EXPECT_EQ(hear(talk).rules(),
            "proxy.http_connect proxy.http_connect proxy.http_connect proxy.http_connect "
            "x224.connection_request ");
  testing::expect_same_in_pieces(talk);
}

TEST(HttpConnect, RefusedRequestEndsTheInterest) {
  const auto heard = hear({from_client(text_bytes(kRequest)),
                           from_server(text_bytes("HTTP/1.1 403 Forbidden\r\n\r\n")),
                           from_client(kConnectionRequest)});
  EXPECT_FALSE(heard.only<ProxyAnswered>().granted);
  EXPECT_EQ(heard.conversation.recognition(), Recognition::kNothing);
}

}  // namespace
}  // namespace remora::proxy
