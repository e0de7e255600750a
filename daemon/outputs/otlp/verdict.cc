#include "daemon/outputs/otlp/verdict.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <curl/curl.h>
#include <string_view>

#include <google/protobuf/util/time_util.h>

#include "daemon/outputs/otlp/base64.h"
#include "daemon/outputs/otlp/gzip.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"

namespace remora::outputs::otlp {
namespace {

using opentelemetry::proto::collector::logs::v1::ExportLogsServiceResponse;
using std::chrono::milliseconds;

constexpr milliseconds kLongestPause{std::chrono::hours{1}};
/// The OpenTelemetry Collector answers a request beyond its limit with 400, not 413.
constexpr std::size_t kPerhapsTooLarge = std::size_t{64} << 10U;
constexpr std::size_t kSurelyLarge = std::size_t{4} << 10U;
constexpr std::size_t kGrpcPrefixBytes = 5;
constexpr std::size_t kMostResponseBytes = std::size_t{64} << 10U;

struct Rule {
  int code;
  Verdict verdict;
  const char* problem;
};

constexpr auto kHttpRules = std::to_array<Rule>({
    {400, Verdict::kRefused, "the receiver cannot read these records; its log says why"},
    {401, Verdict::kKept, "the receiver wants to know who sends; check `headers` and `tls`"},
    {403, Verdict::kKept, "the sender may not write there; check `headers` and `tls`"},
    {404, Verdict::kKept, "the receiver has no logs there; check the path of `endpoint`"},
    {405, Verdict::kKept, "the receiver has no logs there; check the path of `endpoint`"},
    {408, Verdict::kKept, "the receiver waited too long for the request"},
    {413, Verdict::kTooLarge, "too large for the receiver; raise its limit of a request"},
    {415, Verdict::kKept, "the receiver reads no protobuf or no gzip; try `compression: none`"},
    {422, Verdict::kRefused, "the receiver cannot use these records; its log says why"},
    {429, Verdict::kKept, "the receiver asks for a pause"},
    {502, Verdict::kKept, "what stands before the receiver cannot reach it"},
    {503, Verdict::kKept, "the receiver cannot take records now"},
    {504, Verdict::kKept, "what stands before the receiver waited too long for it"},
});

/// Codes of gRPC; all others are the receiver's own trouble.
constexpr auto kGrpcRules = std::to_array<Rule>({
    {1, Verdict::kKept, "CANCELLED: the receiver broke off"},
    {3, Verdict::kRefused,
     "INVALID_ARGUMENT: the receiver cannot use these records; its log says why"},
    {4, Verdict::kKept, "DEADLINE_EXCEEDED: the receiver took too long"},
    {5, Verdict::kKept, "NOT_FOUND: the receiver has no logs there; check `endpoint`"},
    {6, Verdict::kRefused, "ALREADY_EXISTS: the receiver has these records"},
    {7, Verdict::kKept,
     "PERMISSION_DENIED: the sender may not write there; check `headers` and `tls`"},
    {8, Verdict::kKept, "RESOURCE_EXHAUSTED: the receiver asks for a pause"},
    {12, Verdict::kKept, "UNIMPLEMENTED: the receiver takes no logs there; check `endpoint`"},
    {14, Verdict::kKept, "UNAVAILABLE: the receiver cannot take records now"},
    {16, Verdict::kKept,
     "UNAUTHENTICATED: the receiver wants to know who sends; check `headers` and `tls`"},
});

milliseconds bounded(milliseconds pause) {
  return std::clamp(pause, milliseconds{0}, kLongestPause);
}

std::optional<milliseconds> pause_of(const std::string& retry_after,
                                     std::chrono::system_clock::time_point now) {
  std::int64_t seconds = 0;
  const auto* end = retry_after.data() + retry_after.size();
  const auto read = std::from_chars(retry_after.data(), end, seconds);
  if (read.ptr == end && read.ec == std::errc::result_out_of_range) { return kLongestPause; }
  if (read.ptr == end && read.ec == std::errc{}) {
    const auto most = std::chrono::duration_cast<std::chrono::seconds>(kLongestPause).count();
    return bounded(std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, most)});
  }
  const auto date = curl_getdate(retry_after.c_str(), nullptr);
  if (date < 0) { return std::nullopt; }
  return bounded(
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::from_time_t(date) - now));
}

std::optional<milliseconds> pause_of_details(const std::string& details) {
  google::rpc::Status status;
  if (details.empty() || !status.ParseFromString(from_base64(details))) { return std::nullopt; }
  for (const auto& detail : status.details()) {
    google::rpc::RetryInfo info;
    if (detail.Is<google::rpc::RetryInfo>() && detail.UnpackTo(&info)) {
      return bounded(milliseconds{
          google::protobuf::util::TimeUtil::DurationToMilliseconds(info.retry_delay())});
    }
  }
  return std::nullopt;
}

/// gRPC has no status of its own for a message that is too large: grpc-go, grpc-java and grpc-core
/// say RESOURCE_EXHAUSTED, tonic OUT_OF_RANGE, and each says so in its own words.
bool tells_of_size(const Answer& answer) {
  const auto status = answer.grpc_status.value_or(0);
  if (status != 8 && status != 11) { return false; }
  std::string text;
  for (std::size_t at = 0; at < answer.grpc_message.size(); ++at) {
    const bool escaped = answer.grpc_message.compare(at, 3, "%20") == 0;
    text +=
        escaped
            ? ' '
            : static_cast<char>(std::tolower(static_cast<unsigned char>(answer.grpc_message[at])));
    at += escaped ? 2 : 0;
  }
  return std::ranges::any_of(
      std::to_array<std::string_view>({"larger than max", "exceeds maximum", "too large"}),
      [&](std::string_view words) { return text.find(words) != std::string::npos; });
}

/// The problem of a whole answer, with what the receiver gave as its status.
Judgement by_rule(const Rule& rule, const std::string& status) {
  return {.verdict = rule.verdict,
          .rejected = 0,
          .problem = status + ": " + rule.problem,
          .retry_after = std::nullopt};
}

Judgement kept(std::string problem) {
  return {.verdict = Verdict::kKept,
          .rejected = 0,
          .problem = std::move(problem),
          .retry_after = std::nullopt};
}

Judgement by_response(const std::string& body, Sent sent) {
  ExportLogsServiceResponse response;
  if (!response.ParseFromString(body)) {
    return kept("the answer is not OTLP; check `endpoint` and `protocol`");
  }
  Judgement judgement;
  judgement.verdict = Verdict::kTaken;
  const auto rejected = response.partial_success().rejected_log_records();
  judgement.rejected = std::min<std::uint64_t>(
      static_cast<std::uint64_t>(std::max<std::int64_t>(rejected, 0)), sent.records);
  if (judgement.rejected > 0) {
    judgement.problem = "the receiver threw away " + std::to_string(judgement.rejected) + " of " +
                        std::to_string(sent.records) + " records; its log says why";
  }
  return judgement;
}

/// grpc-go compresses the answer as the request was, whether it was asked to or not.
std::optional<std::string> grpc_message_of(const std::string& body) {
  if (body.size() < kGrpcPrefixBytes) { return std::nullopt; }
  auto message = body.substr(kGrpcPrefixBytes);
  if (body.front() == '\0') { return message; }
  return gunzip(message, kMostResponseBytes);
}

Judgement by_http_status(const Answer& answer, Sent sent) {
  const auto status = "HTTP " + std::to_string(answer.http_status);
  if (answer.http_status == 400 && sent.records > 1 && sent.bytes >= kPerhapsTooLarge) {
    return by_rule({.code = 400,
                    .verdict = Verdict::kTooLarge,
                    .problem = "perhaps too large for the receiver"},
                   status);
  }
  const auto* rule = std::ranges::find(kHttpRules, answer.http_status, &Rule::code);
  if (rule != kHttpRules.end()) { return by_rule(*rule, status); }
  if (answer.http_status >= 500) { return kept(status + ": the receiver is in trouble"); }
  if (answer.http_status >= 300 && answer.http_status < 400) {
    return kept(status + ": redirections are not followed; put the final address into `endpoint`");
  }
  return kept(status + ": no answer of an OTLP receiver; check `endpoint`");
}

}  // namespace

Judgement judge_http(const Answer& answer, Sent sent, std::chrono::system_clock::time_point now) {
  if (!answer.failure.empty()) { return kept(answer.failure); }
  if (answer.http_status >= 200 && answer.http_status < 300) {
    // An empty message has no bytes, and some receivers then answer 204 without a type.
    if (!answer.body.empty() && !answer.content_type.starts_with("application/x-protobuf")) {
      return kept("the answer is not OTLP; check `endpoint` and `protocol`");
    }
    return by_response(answer.body, sent);
  }
  auto judgement = by_http_status(answer, sent);
  // A web server, or a port that wants TLS, says 400 to everything.
  if (judgement.verdict == Verdict::kRefused && !sent.known &&
      !answer.content_type.starts_with("application/x-protobuf")) {
    return kept("HTTP " + std::to_string(answer.http_status) +
                ", in no words of OTLP; check `endpoint`, and whether it is to begin with https");
  }
  judgement.retry_after = pause_of(answer.retry_after, now);
  return judgement;
}

Judgement judge_grpc(const Answer& answer, Sent sent) {
  if (!answer.failure.empty()) { return kept(answer.failure); }
  if (!answer.grpc_status.has_value()) {
    return kept("HTTP " + std::to_string(answer.http_status) +
                " without a gRPC status; check `endpoint` and `protocol`");
  }
  if (*answer.grpc_status == 0) {
    const auto message = grpc_message_of(answer.body);
    if (!message.has_value()) { return kept("the answer is no gRPC message"); }
    return by_response(*message, sent);
  }
  const auto status = "gRPC status " + std::to_string(*answer.grpc_status);
  const auto* rule = std::ranges::find(kGrpcRules, *answer.grpc_status, &Rule::code);
  auto judgement = rule == kGrpcRules.end() ? kept(status + ": the receiver is in trouble")
                                            : by_rule(*rule, status);
  // Words that might be of a quota do not give up a single event that is small.
  if (tells_of_size(answer) && (sent.records > 1 || sent.bytes >= kSurelyLarge)) {
    judgement.verdict = Verdict::kTooLarge;
    judgement.problem = status + ": too large for the receiver; raise its limit of a message";
  }
  judgement.retry_after = pause_of_details(answer.grpc_details);
  return judgement;
}

}  // namespace remora::outputs::otlp
