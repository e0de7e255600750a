#include "dissect/http_head/http_head.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/laws.h"

namespace remora::http_head {
namespace {

constexpr std::string_view kRequest =
    "GET /reports HTTP/1.1\r\n"
    "Host: srv.corp.example\r\n"
    "AUTHORIZATION :  NTLM TlRMTVNTUAAB \t\r\n"
    "\r\n";
constexpr std::string_view kResponse =
    "HTTP/1.1 401 Unauthorized\r\n"
    "WWW-Authenticate: Negotiate\r\n"
    "WWW-Authenticate: NTLM\r\n"
    "Content-Length: 12\r\n"
    "\r\n";

[[nodiscard]] Result<HttpHead> read(std::string_view text) {
  return decode(as_bytes(text), read_http_head);
}

TEST(HttpHead, OfARequest) {
  const auto head = read(kRequest);
  ASSERT_TRUE(head.has_value());
  EXPECT_FALSE(head->is_response);
  EXPECT_EQ(head->method, "GET");
  EXPECT_EQ(head->target, "/reports");
  EXPECT_EQ(head->find("host"), "srv.corp.example");
  EXPECT_EQ(head->find("authorization"), "NTLM TlRMTVNTUAAB");
  EXPECT_EQ(head->find("cookie"), std::nullopt);
  EXPECT_EQ(head->framing, BodyFraming::kNone);
}

TEST(HttpHead, OfAResponse) {
  const auto head = read(kResponse);
  ASSERT_TRUE(head.has_value());
  EXPECT_TRUE(head->is_response);
  EXPECT_EQ(head->status, 401);
  ASSERT_EQ(head->headers.size(), 3U);
  EXPECT_EQ(head->headers[1], (Header{.name = "www-authenticate", .value = "NTLM"}));
  EXPECT_EQ(head->framing, BodyFraming::kLength);
  EXPECT_EQ(head->content_length, 12U);
}

TEST(HttpHead, MayHaveLinesThatEndWithLfAloneAndEmptyLinesBeforeIt) {
  constexpr std::string_view kText =
      "\r\nRDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\nHost: gw\n\nbody";
  EXPECT_EQ(measure_http_head(as_bytes(kText)).size(), kText.size() - 4);
  const auto head = read(kText);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->method, "RDG_OUT_DATA");
  EXPECT_EQ(head->find("host"), "gw");
  EXPECT_EQ(head->headers.size(), 1U);
}

TEST(HttpHead, PassesOverLinesItCannotRead) {
  const auto head = read(
      "CONNECT srv:3389 HTTP/1.0\r\nno colon\r\n: no name\r\n folded: line\r\na b: c\r\nX: "
      "1\r\n\r\n");
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->target, "srv:3389");
  ASSERT_EQ(head->headers.size(), 1U);
  EXPECT_EQ(head->headers[0], (Header{.name = "x", .value = "1"}));
}

TEST(HttpHead, KeepsABoundedNumberOfHeaders) {
  std::string text = "GET / HTTP/1.1\r\n";
  for (std::size_t line = 0; line < kMaxHeaders + 10; ++line) { text += "a: b\r\n"; }
  const auto head = read(text + "\r\n");
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->headers.size(), kMaxHeaders);
}

TEST(HttpHead, TellsHowTheBodyEnds) {
  const auto framing = [](const char* text) { return read(text)->framing; };
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\n\r\n"), BodyFraming::kUnbounded);
  EXPECT_EQ(framing("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"), BodyFraming::kNone);
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), BodyFraming::kNone);
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"),
            BodyFraming::kUnbounded);
  EXPECT_EQ(framing("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"), BodyFraming::kUnbounded);
  EXPECT_EQ(framing("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"),
            BodyFraming::kChunked);
  EXPECT_EQ(framing("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"), BodyFraming::kUnbounded);
}

TEST(HttpHead, IsRefusedWithoutStartLine) {
  EXPECT_FALSE(read("").has_value());
  EXPECT_FALSE(read("GET /\r\n\r\n").has_value());
  EXPECT_FALSE(read("GET  HTTP/1.1\r\n\r\n").has_value());
  EXPECT_FALSE(read("GET / HTTP/2.0\r\n\r\n").has_value());
  EXPECT_FALSE(read("HTTP/1.1 40 \r\n\r\n").has_value());
  EXPECT_FALSE(read("HTTP/1.1 099 \r\n\r\n").has_value());
}

TEST(MeasureHttpHead, WaitsForTheEmptyLine) {
  for (const auto text : {kRequest, kResponse}) {
    const auto bytes = as_bytes(text);
    EXPECT_EQ(measure_http_head(bytes).size(), bytes.size());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_TRUE(measure_http_head(bytes.first(size)).needs_more()) << size;
    }
  }
}

TEST(MeasureHttpHead, IsLostWhereNoHeadCanBegin) {
  EXPECT_TRUE(measure_http_head(as_bytes(std::string_view{"\x16\x03\x01", 3})).is_lost());
  EXPECT_TRUE(measure_http_head(as_bytes("G<T / HTTP/1.1")).is_lost());
  EXPECT_TRUE(measure_http_head(as_bytes(std::string(100, 'A'))).is_lost());
}

TEST(MeasureHttpHead, IsLostBeyondItsLimit) {
  const std::string endless = "GET /" + std::string(kMaxHeadBytes, 'a');
  EXPECT_TRUE(measure_http_head(as_bytes(endless).first(kMaxHeadBytes - 1)).needs_more());
  EXPECT_TRUE(measure_http_head(as_bytes(endless).first(kMaxHeadBytes)).is_lost());
}

TEST(HttpHead, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(as_bytes(kRequest), read_http_head);
  testing::expect_reader_laws(as_bytes(kResponse), read_http_head);
}

}  // namespace
}  // namespace remora::http_head
