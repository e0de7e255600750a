#include "daemon/watch/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::watch {
namespace {

namespace http = boost::beast::http;
using http::status;
using http::verb;
using ::testing::HasSubstr;

Answers made_answers(Verdict verdict = {.good = true, .reason = {}}) {
  return {.metrics = [] { return std::string{"m 1\n"}; },
          .healthy = [verdict] { return verdict; },
          .ready = [verdict] { return verdict; },
          .sessions = [](std::size_t limit) { return '[' + std::to_string(limit) + ']'; }};
}

Response ask(const std::string& target, verb method = verb::get,
             const Answers& answers = made_answers(), const std::string& host = "localhost") {
  Request request{method, target, 11};
  request.set(http::field::host, host);
  return answer(request, answers, "127.0.0.1", boost::asio::ip::address_v4::loopback());
}

TEST(Answer, IsWhatTheCallerKnows) {
  EXPECT_EQ(ask("/metrics").body(), "m 1\n");
  EXPECT_EQ(ask("/metrics")[http::field::content_type], "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(ask("/healthz").body(), "ok\n");
  EXPECT_EQ(ask("/readyz").body(), "ok\n");
  EXPECT_EQ(ask("/sessions").body(), "[1000]");
  EXPECT_EQ(ask("/sessions")[http::field::content_type], "application/json");
  for (const auto* path : {"/metrics", "/healthz", "/readyz", "/sessions", "/metrics?name=x"}) {
    EXPECT_EQ(ask(path).result(), status::ok) << path;
    EXPECT_EQ(ask(path)[http::field::connection], "close");
  }
}

TEST(Answer, HasTheReasonOfAVerdictInOneLine) {
  const auto bad = made_answers({.good = false, .reason = "no interface\nis up"});
  EXPECT_EQ(ask("/healthz", verb::get, bad).result(), status::service_unavailable);
  EXPECT_EQ(ask("/readyz", verb::get, bad).body(), "no interface is up\n");
  EXPECT_EQ(ask("/readyz", verb::get, made_answers({.good = false})).body(), "not ok\n");
}

TEST(Answer, HasNoBodyForAHeadButItsLength) {
  const auto head = ask("/metrics", verb::head);
  EXPECT_EQ(head.body(), "");
  EXPECT_EQ(head[http::field::content_length], "4");
}

TEST(Answer, HasAsManySessionsAsAreWanted) {
  EXPECT_EQ(ask("/sessions?limit=1").body(), "[1]");
  EXPECT_EQ(ask("/sessions?limit=10000").body(), "[10000]");
  for (const auto* query : {"limit=0", "limit=10001", "limit=-1", "limit=", "limit=1x", "limit= 1",
                            "limit=99999999999999999999", "limit=1&limit=2", "offset=1"}) {
    EXPECT_EQ(ask(std::string{"/sessions?"} + query).result(), status::bad_request) << query;
  }
}

TEST(Answer, IsThatNothingIsThere) {
  for (const auto* target : {"/", "*", "/metrics/", "/Metrics", "//metrics", "/healthz/../metrics",
                             "http://localhost/metrics", "/%6detrics", "?", "/sessions#x"}) {
    EXPECT_EQ(ask(target).result(), status::not_found) << target;
  }
}

TEST(Answer, IsThatNothingCanBeChanged) {
  for (const auto method : {verb::post, verb::put, verb::delete_, verb::options, verb::trace,
                            verb::connect, verb::patch, verb::unknown}) {
    const auto refused = ask("/metrics", method);
    EXPECT_EQ(refused.result(), status::method_not_allowed);
    EXPECT_EQ(refused[http::field::allow], "GET, HEAD");
  }
}

TEST(Answer, IsForNoOtherHost) {
  const auto refused = ask("/sessions", verb::get, made_answers(), "evil.example");
  EXPECT_EQ(refused.result(), status::misdirected_request);
  EXPECT_THAT(refused.body(), HasSubstr("address"));
}

TEST(Answer, NeedsOneHost) {
  Request request{verb::get, "/metrics", 11};
  const auto local = boost::asio::ip::address_v4::loopback();
  EXPECT_EQ(answer(request, made_answers(), "127.0.0.1", local).result(), status::bad_request);
  request.insert(http::field::host, "localhost");
  request.insert(http::field::host, "localhost");
  EXPECT_EQ(answer(request, made_answers(), "127.0.0.1", local).result(), status::bad_request);
}

}  // namespace
}  // namespace remora::watch
