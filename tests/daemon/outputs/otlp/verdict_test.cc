#include "daemon/outputs/otlp/verdict.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "daemon/outputs/otlp/gzip.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"

namespace remora::outputs::otlp {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr Sent kSent{.records = 10, .bytes = 5000};
constexpr Sent kLargeSent{.records = 10, .bytes = 2'000'000};
constexpr std::chrono::system_clock::time_point kNow{seconds{1'760'000'000}};

Answer http(int status, std::string body = {}) {
  Answer answer;
  answer.http_status = status;
  answer.content_type = "application/x-protobuf";
  answer.body = std::move(body);
  return answer;
}

Answer grpc(int status, std::string message = {}) {
  Answer answer;
  answer.http_status = 200;
  answer.grpc_status = status;
  answer.grpc_message = std::move(message);
  return answer;
}

std::string response(std::int64_t rejected, const std::string& words = {}) {
  opentelemetry::proto::collector::logs::v1::ExportLogsServiceResponse message;
  message.mutable_partial_success()->set_rejected_log_records(rejected);
  message.mutable_partial_success()->set_error_message(words);
  return message.SerializeAsString();
}

std::string grpc_details(seconds delay) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(delay.count());
  google::rpc::Status status;
  status.set_code(14);
  status.add_details()->PackFrom(google::rpc::Status{});
  status.add_details()->PackFrom(info);
  const auto bytes = status.SerializeAsString();
  std::vector<unsigned char> text(bytes.size() * 2 + 4);
  const int size =
      EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  return {text.begin(), text.begin() + size};
}

TEST(OtlpVerdict, EveryHttpStatusHasOne) {
  struct Row {
    int status;
    Verdict verdict;
  };
  for (const auto& [status, verdict] :
       std::vector<Row>{{200, Verdict::kTaken},    {202, Verdict::kTaken}, {204, Verdict::kTaken},
                        {301, Verdict::kKept},     {307, Verdict::kKept},  {400, Verdict::kRefused},
                        {401, Verdict::kKept},     {403, Verdict::kKept},  {404, Verdict::kKept},
                        {405, Verdict::kKept},     {407, Verdict::kKept},  {408, Verdict::kKept},
                        {413, Verdict::kTooLarge}, {415, Verdict::kKept},  {418, Verdict::kKept},
                        {422, Verdict::kRefused},  {429, Verdict::kKept},  {500, Verdict::kKept},
                        {502, Verdict::kKept},     {503, Verdict::kKept},  {504, Verdict::kKept},
                        {599, Verdict::kKept},     {0, Verdict::kKept},    {999, Verdict::kKept},
                        {-1, Verdict::kKept}}) {
    const auto judgement = judge_http(http(status), kSent, kNow);
    EXPECT_EQ(judgement.verdict, verdict) << status;
    EXPECT_EQ(judgement.problem.empty(), verdict == Verdict::kTaken) << status;
    EXPECT_EQ(judgement.rejected, 0) << status;
  }
}

TEST(OtlpVerdict, EveryGrpcStatusHasOne) {
  struct Row {
    int status;
    Verdict verdict;
  };
  for (const auto& [status, verdict] : std::vector<Row>{{1, Verdict::kKept},
                                                        {2, Verdict::kKept},
                                                        {3, Verdict::kRefused},
                                                        {4, Verdict::kKept},
                                                        {5, Verdict::kKept},
                                                        {6, Verdict::kRefused},
                                                        {7, Verdict::kKept},
                                                        {8, Verdict::kKept},
                                                        {9, Verdict::kKept},
                                                        {10, Verdict::kKept},
                                                        {11, Verdict::kKept},
                                                        {12, Verdict::kKept},
                                                        {13, Verdict::kKept},
                                                        {14, Verdict::kKept},
                                                        {15, Verdict::kKept},
                                                        {16, Verdict::kKept},
                                                        {17, Verdict::kKept},
                                                        {-1, Verdict::kKept}}) {
    const auto judgement = judge_grpc(grpc(status), kSent);
    EXPECT_EQ(judgement.verdict, verdict) << status;
    EXPECT_THAT(judgement.problem, HasSubstr("gRPC status " + std::to_string(status)));
  }
}

TEST(OtlpVerdict, APartialSuccessCountsWhatWasThrownAway) {
  const auto judgement = judge_http(http(200, response(3)), kSent, kNow);
  EXPECT_EQ(judgement.verdict, Verdict::kTaken);
  EXPECT_EQ(judgement.rejected, 3);
  EXPECT_THAT(judgement.problem, HasSubstr("3 of 10"));
}

TEST(OtlpVerdict, CountsThatCannotBeAreBounded) {
  EXPECT_EQ(judge_http(http(200, response(1'000'000)), kSent, kNow).rejected, 10);
  EXPECT_EQ(judge_http(http(200, response(-5)), kSent, kNow).rejected, 0);
}

TEST(OtlpVerdict, AWarningWithoutRejectionIsNoProblem) {
  const auto judgement = judge_http(http(200, response(0, "try newer names")), kSent, kNow);
  EXPECT_EQ(judgement.verdict, Verdict::kTaken);
  EXPECT_THAT(judgement.problem, IsEmpty());
}

TEST(OtlpVerdict, WordsOfTheReceiverAreNotRepeated) {
  EXPECT_THAT(judge_http(http(200, response(1, "eva's record")), kSent, kNow).problem,
              Not(HasSubstr("eva")));
  EXPECT_THAT(judge_http(http(400, "eva's record"), kSent, kNow).problem, Not(HasSubstr("eva")));
  EXPECT_THAT(judge_grpc(grpc(3, "eva's record"), kSent).problem, Not(HasSubstr("eva")));
}

TEST(OtlpVerdict, A200OfSomebodyElseTakesNothing) {
  auto page = http(200, "<html>welcome</html>");
  EXPECT_EQ(judge_http(page, kSent, kNow).verdict, Verdict::kKept);
  page.content_type = "text/html";
  EXPECT_EQ(judge_http(page, kSent, kNow).verdict, Verdict::kKept);
  page.body = response(0);
  EXPECT_EQ(judge_http(page, kSent, kNow).verdict, Verdict::kKept);
}

TEST(OtlpVerdict, WithoutAWholeAnswerTheRecordsAreKept) {
  auto answer = http(200);
  answer.failure = "connection reset";
  EXPECT_EQ(judge_http(answer, kSent, kNow).verdict, Verdict::kKept);
  EXPECT_EQ(judge_http(answer, kSent, kNow).problem, "connection reset");
  answer.grpc_status = 0;
  EXPECT_EQ(judge_grpc(answer, kSent).verdict, Verdict::kKept);
}

TEST(OtlpVerdict, A400ForALargeRequestMayBeItsSize) {
  EXPECT_EQ(judge_http(http(400), kLargeSent, kNow).verdict, Verdict::kTooLarge);
  EXPECT_EQ(judge_http(http(400), {.records = 1, .bytes = 2'000'000}, kNow).verdict,
            Verdict::kRefused);
}

TEST(OtlpVerdict, A400OfSomebodyElseRefusesNothing) {
  for (const int status : {400, 422}) {
    for (const auto* type : {"", "text/plain", "application/json"}) {
      auto answer = http(status, "The plain HTTP request was sent to HTTPS port");
      answer.content_type = type;
      const auto judgement = judge_http(answer, kSent, kNow);
      EXPECT_EQ(judgement.verdict, Verdict::kKept) << status << type;
      EXPECT_THAT(judgement.problem, HasSubstr("HTTP " + std::to_string(status)));
      EXPECT_THAT(judgement.problem, HasSubstr("https"));
      auto known = kSent;
      known.known = true;
      EXPECT_EQ(judge_http(answer, known, kNow).verdict, Verdict::kRefused) << status << type;
    }
  }
}

TEST(OtlpVerdict, RetryAfterIsSecondsOrADate) {
  struct Row {
    const char* text;
    std::optional<milliseconds> pause;
  };
  // kNow is Thu, 09 Oct 2025 08:53:20 GMT.
  for (const auto& [text, pause] : std::vector<Row>{{"", std::nullopt},
                                                    {"7", seconds{7}},
                                                    {"0", seconds{0}},
                                                    {"-7", seconds{0}},
                                                    {"99999", hours{1}},
                                                    {"99999999999999999999999999", hours{1}},
                                                    {"Thu, 09 Oct 2025 08:53:30 GMT", seconds{10}},
                                                    {"Thu, 09 Oct 2025 08:50:00 GMT", seconds{0}},
                                                    {"Thu, 09 Oct 2036 08:53:30 GMT", hours{1}},
                                                    {"soon", std::nullopt}}) {
    auto answer = http(503);
    answer.retry_after = text;
    EXPECT_EQ(judge_http(answer, kSent, kNow).retry_after, pause) << text;
  }
}

TEST(OtlpVerdict, RetryInfoIsHonouredAndBounded) {
  auto answer = grpc(8);
  EXPECT_EQ(judge_grpc(answer, kSent).retry_after, std::nullopt);
  answer.grpc_details = grpc_details(seconds{5});
  EXPECT_EQ(judge_grpc(answer, kSent).retry_after, seconds{5});
  answer.grpc_details = grpc_details(hours{100});
  EXPECT_EQ(judge_grpc(answer, kSent).retry_after, hours{1});
  answer.grpc_details = grpc_details(seconds{-5});
  EXPECT_EQ(judge_grpc(answer, kSent).retry_after, seconds{0});
  for (const auto* damage : {"####", "AAAA", "CA4="}) {
    answer.grpc_details = damage;
    EXPECT_EQ(judge_grpc(answer, kSent).retry_after, std::nullopt) << damage;
  }
}

TEST(OtlpVerdict, GrpcTellsOfSizeInWords) {
  for (const auto* words : {"grpc: received message larger than max (5000 vs. 4000)",
                            "gRPC message exceeds maximum size 4000: 5000",
                            "Error,%20message%20length%20too%20large:%20found%205000%20bytes"}) {
    EXPECT_EQ(judge_grpc(grpc(8, words), kSent).verdict, Verdict::kTooLarge) << words;
    EXPECT_EQ(judge_grpc(grpc(11, words), kSent).verdict, Verdict::kTooLarge) << words;
    EXPECT_EQ(judge_grpc(grpc(14, words), kSent).verdict, Verdict::kKept) << words;
  }
  EXPECT_EQ(judge_grpc(grpc(8, "quota exceeded %2"), kSent).verdict, Verdict::kKept);
}

TEST(OtlpVerdict, AQuotaGivesNoSmallEventUp) {
  const auto quota = grpc(8, "the batch is too large for what is left of the quota");
  EXPECT_EQ(judge_grpc(quota, {.records = 1, .bytes = 500}).verdict, Verdict::kKept);
  EXPECT_EQ(judge_grpc(quota, {.records = 2, .bytes = 500}).verdict, Verdict::kTooLarge);
  EXPECT_EQ(judge_grpc(quota, {.records = 1, .bytes = 4096}).verdict, Verdict::kTooLarge);
}

TEST(OtlpVerdict, AGrpcAnswerHasItsPrefix) {
  auto answer = grpc(0);
  answer.body = std::string(5, '\0') + response(4);
  EXPECT_EQ(judge_grpc(answer, kSent).verdict, Verdict::kTaken);
  EXPECT_EQ(judge_grpc(answer, kSent).rejected, 4);

  answer.body = std::string{"\x01\0\0\0\0", 5};
  Gzip{}.append(response(2), answer.body);
  EXPECT_EQ(judge_grpc(answer, kSent).rejected, 2);

  for (const auto& body : {std::string{}, std::string(4, '\0'), std::string{"\x01\0\0\0\0x", 6}}) {
    answer.body = body;
    EXPECT_EQ(judge_grpc(answer, kSent).verdict, Verdict::kKept);
  }
}

TEST(OtlpVerdict, WithoutAGrpcStatusNothingIsTaken) {
  auto answer = http(200);
  EXPECT_EQ(judge_grpc(answer, kSent).verdict, Verdict::kKept);
  answer.http_status = 400;
  EXPECT_EQ(judge_grpc(answer, kSent).verdict, Verdict::kKept);
}

}  // namespace
}  // namespace remora::outputs::otlp
