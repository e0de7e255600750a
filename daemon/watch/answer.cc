#include "daemon/watch/answer.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/watch/host_rule.h"

namespace remora::watch {
namespace {

namespace http = boost::beast::http;
using http::field;
using http::status;

constexpr std::size_t kUsualSessions = 1000;
constexpr std::size_t kMaxSessions = 10'000;
constexpr const char* kPlain = "text/plain; charset=utf-8";

[[nodiscard]] Response respond(status code, const char* type, std::string body) {
  Response response{code, 11};
  response.set(field::content_type, type);
  response.set(field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  response.keep_alive(false);
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

[[nodiscard]] Response respond(const Verdict& verdict) {
  auto line = verdict.reason.empty() ? std::string{verdict.good ? "ok" : "not ok"} : verdict.reason;
  std::ranges::replace_if(
      line, [](unsigned char letter) { return letter < ' ' || letter == 0x7f; }, ' ');
  return respond(verdict.good ? status::ok : status::service_unavailable, kPlain, line + '\n');
}

/// "limit=N" or nothing.
[[nodiscard]] std::optional<std::size_t> read_limit(std::string_view query) {
  constexpr std::string_view kName{"limit="};
  if (query.empty()) { return kUsualSessions; }
  if (!query.starts_with(kName)) { return std::nullopt; }
  query.remove_prefix(kName.size());
  std::size_t limit = 0;
  const auto* end = query.data() + query.size();
  const auto [rest, error] = std::from_chars(query.data(), end, limit);
  if (error != std::errc{} || rest != end || limit == 0 || limit > kMaxSessions) {
    return std::nullopt;
  }
  return limit;
}

[[nodiscard]] Response respond_with_sessions(const Answers& answers, std::string_view query) {
  const auto limit = read_limit(query);
  if (!limit.has_value()) {
    return refusal(status::bad_request,
                   "/sessions?limit=N is wanted, N from 1 to " + std::to_string(kMaxSessions));
  }
  return respond(status::ok, "application/json", answers.sessions(*limit));
}

[[nodiscard]] std::optional<Response> respond_for(std::string_view target, const Answers& answers) {
  const auto path = target.substr(0, target.find('?'));
  const auto query = target.substr(std::min(path.size() + 1, target.size()));
  if (path == "/metrics") {
    return respond(status::ok, "text/plain; version=0.0.4; charset=utf-8", answers.metrics());
  }
  if (path == "/healthz") { return respond(answers.healthy()); }
  if (path == "/readyz") { return respond(answers.ready()); }
  if (path == "/sessions") { return respond_with_sessions(answers, query); }
  return std::nullopt;
}

}  // namespace

Response answer(const Request& request, const Answers& answers, const std::string& configured,
                const boost::asio::ip::address& local) {
  // RFC 9112 3.2: exactly one, also in requests that name the host elsewhere.
  if (request.count(field::host) != 1) {
    return refusal(status::bad_request, "one Host header is wanted");
  }
  const auto host = request[field::host];
  if (!is_own_host({host.data(), host.size()}, configured, local)) {
    return refusal(status::misdirected_request,
                   "this is not the host that was asked; ask for it by its address");
  }
  const bool head = request.method() == http::verb::head;
  if (request.method() != http::verb::get && !head) {
    auto refused = refusal(status::method_not_allowed, "GET or HEAD is wanted");
    refused.set(field::allow, "GET, HEAD");
    return refused;
  }
  const auto target = request.target();
  auto found = respond_for({target.data(), target.size()}, answers);
  if (!found.has_value()) {
    found = refusal(status::not_found,
                    "nothing is here; there are /metrics, /healthz, /readyz and /sessions");
  }
  if (head) { found->body().clear(); }  // its length stays in the head
  return std::move(*found);
}

Response refusal(status code, const std::string& text) {
  return respond(code, kPlain, text + '\n');
}

}  // namespace remora::watch
