#include "dissect/http/requests.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::http {
namespace {

TEST(Requests, AreAnsweredInTheirOrder) {
  Requests requests;
  EXPECT_EQ(requests.take_answered().target, "");
  requests.add({.kind = Request::Kind::kGet, .target = "/a"});
  requests.add({.kind = Request::Kind::kHead, .target = "/b"});
  EXPECT_EQ(requests.take_answered().target, "/a");
  EXPECT_EQ(requests.take_answered().kind, Request::Kind::kHead);
  EXPECT_EQ(requests.take_answered().kind, Request::Kind::kOther);
}

TEST(Requests, AreCountedBeyondTheLimit) {
  Requests requests;
  for (std::size_t count = 0; count < Requests::kMaxKept + 3; ++count) {
    requests.add({.target = std::to_string(count)});
  }
  for (std::size_t count = 0; count < Requests::kMaxKept; ++count) {
    EXPECT_EQ(requests.take_answered().target, std::to_string(count));
  }
  requests.add({.target = "behind those"});
  for (std::size_t count = 0; count < 4; ++count) {
    EXPECT_EQ(requests.take_answered().target, "");
  }
  requests.add({.target = "/next"});
  EXPECT_EQ(requests.take_answered().target, "/next");
}

TEST(Requests, TellWhatTheyWant) {
  const std::string text = "MOVE /a HTTP/1.1\r\nDestination: http://srv/b\r\n\r\n";
  const auto head = decode(as_bytes(text), http_head::read_http_head);
  const auto request = request_of(*head);
  EXPECT_EQ(request.kind, Request::Kind::kMove);
  EXPECT_EQ(request.target, "/a");
  EXPECT_EQ(request.destination, "http://srv/b");
}

}  // namespace
}  // namespace remora::http
