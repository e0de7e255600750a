#include "daemon/outputs/otlp/config.h"

#include <algorithm>
#include <curl/curl.h>
#include <fstream>
#include <memory>
#include <string_view>

namespace remora::outputs::otlp {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kHttpPath = "/v1/logs";
constexpr std::string_view kGrpcPath = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
constexpr milliseconds kLeastTimeout{100};
constexpr milliseconds kMostTimeout{std::chrono::minutes{10}};

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

/// Empty where the address has no such part.
std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK || text == nullptr) { return {}; }
  std::string copy{text};
  curl_free(text);
  return copy;
}

/// What is wrong with the address; empty: nothing, and `url` has the path of the requests.
std::string complete(Url& url, const std::string& endpoint, Protocol protocol) {
  if (curl_url_set(url.get(), CURLUPART_URL, endpoint.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
      CURLUE_OK) {
    return "is no address; write http://HOST:PORT or https://HOST:PORT";
  }
  const auto scheme = part(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") { return "must begin with http:// or https://"; }
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty()) {
    return "must not hold a user or password; put them into `headers`";
  }
  if (!part(url, CURLUPART_QUERY).empty() || !part(url, CURLUPART_FRAGMENT).empty()) {
    return "must not hold a query or fragment; put keys into `headers`";
  }
  const auto path = part(url, CURLUPART_PATH);
  const bool bare = path.empty() || path == "/";
  if (protocol == Protocol::kGrpc && !bare) { return "must have no path with `protocol: grpc`"; }
  if (bare) {
    const auto whole = std::string{protocol == Protocol::kGrpc ? kGrpcPath : kHttpPath};
    (void)curl_url_set(url.get(), CURLUPART_PATH, whole.c_str(), 0);
  }
  return {};
}

std::string read_url(config::Map& map, Protocol protocol) {
  const auto endpoint = map.required("endpoint");
  if (endpoint.empty()) { return {}; }
  Url url{curl_url()};
  const auto wrong = complete(url, endpoint, protocol);
  if (!wrong.empty()) {
    map.complain("endpoint", wrong);
    return {};
  }
  return part(url, CURLUPART_URL);
}

bool is_token(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

/// A header line must stay one: neither name nor value may end it.
bool is_header(std::string_view line) {
  const auto colon = line.find(':');
  return colon != std::string_view::npos && is_token(line.substr(0, colon)) &&
         line.find_first_not_of(" \t", colon + 1) != std::string_view::npos &&
         std::ranges::none_of(
             line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::vector<std::string> read_headers(config::Map& map) {
  auto headers = map.texts("headers");
  if (!std::ranges::all_of(headers, is_header)) {
    map.complain("headers", "each must read \"Name: value\"");
    headers.clear();
  }
  return headers;
}

std::string read_file_name(config::Map& map, std::string_view key) {
  auto name = map.text(key);
  if (!name.empty() && !std::ifstream{name}.good()) { map.complain(key, "cannot be read"); }
  return name;
}

delivery::TlsSettings read_tls(config::Map& map, bool enabled) {
  const bool given = map.has("tls");
  if (given && !enabled) { map.complain("tls", "is of no use without https:// in `endpoint`"); }
  auto tls = map.map("tls");
  delivery::TlsSettings settings;
  settings.enabled = enabled;
  settings.ca_file = read_file_name(tls, "ca_file");
  settings.certificate_file = read_file_name(tls, "certificate_file");
  settings.key_file = read_file_name(tls, "key_file");
  settings.server_name = tls.text("server_name");
  settings.verify = tls.flag("verify", true);
  if (settings.certificate_file.empty() != settings.key_file.empty()) {
    map.complain("tls", "needs `certificate_file` and `key_file`, or neither");
  }
  tls.done();
  return settings;
}

}  // namespace

Config read_config(config::Map& map) {
  Config config;
  config.protocol = map.word<Protocol>(
      "protocol", {{"http", Protocol::kHttp}, {"grpc", Protocol::kGrpc}}, Protocol::kHttp);
  config.url = read_url(map, config.protocol);
  config.gzip = map.word<bool>("compression", {{"gzip", true}, {"none", false}}, true);
  config.timeout = map.duration("timeout", config.timeout);
  if (config.timeout < kLeastTimeout || config.timeout > kMostTimeout) {
    map.complain("timeout", "must be from 100ms to 10m");
  }
  config.headers = read_headers(map);
  config.body = map.word<Body>(
      "body", {{"none", Body::kNone}, {"json", Body::kJson}, {"event", Body::kEvent}}, Body::kNone);
  config.tls = read_tls(map, config.url.starts_with("https://"));
  return config;
}

}  // namespace remora::outputs::otlp
