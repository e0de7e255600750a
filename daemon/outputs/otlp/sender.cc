#include "daemon/outputs/otlp/sender.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>
#include <utility>

namespace remora::outputs::otlp {
namespace {

constexpr std::size_t kMostAnswerBytes = std::size_t{64} << 10U;
constexpr std::size_t kGrpcPrefixBytes = 5;
constexpr std::size_t kMostDetail = 200;
constexpr long kUploadBuffer = 512L << 10U;

/// The answer while it arrives.
struct Arriving {
  Answer answer;
  std::size_t header_bytes{0};
  bool too_much{false};
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) { return {}; }
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lower(std::string_view text) {
  std::string copy{text};
  std::ranges::transform(copy, copy.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return copy;
}

void note_header(Answer& answer, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) { return; }
  const auto name = lower(line.substr(0, colon));
  const auto value = trimmed(line.substr(colon + 1));
  if (name == "content-type") {
    answer.content_type = lower(value);
  } else if (name == "retry-after") {
    answer.retry_after = value;
  } else if (name == "grpc-message") {
    answer.grpc_message = value;
  } else if (name == "grpc-status-details-bin") {
    answer.grpc_details = value;
  } else if (name == "grpc-status") {
    int status = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), status);
    if (read.ec == std::errc{} && read.ptr == value.data() + value.size()) {
      answer.grpc_status = status;
    }
  }
}

// Headers and trailers alike; after a status line those of an earlier, interim answer are void.
std::size_t on_header(const char* data, std::size_t, std::size_t size, void* context) {
  auto& arriving = *static_cast<Arriving*>(context);
  arriving.header_bytes += size;
  if (arriving.header_bytes > kMostAnswerBytes) {
    arriving.too_much = true;
    return 0;
  }
  const std::string_view line{data, size};
  if (line.starts_with("HTTP/")) {
    arriving.answer = Answer{};
  } else {
    note_header(arriving.answer, line);
  }
  return size;
}

std::size_t on_body(const char* data, std::size_t, std::size_t size, void* context) {
  auto& arriving = *static_cast<Arriving*>(context);
  if (arriving.answer.body.size() + size > kMostAnswerBytes) {
    arriving.too_much = true;
    return 0;
  }
  arriving.answer.body.append(data, size);
  return size;
}

/// What an operator can do about a failure; empty where waiting is all there is to do.
std::string_view advice(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "check the host in `endpoint`";
    case CURLE_COULDNT_CONNECT:
      return "check `endpoint`, and that the receiver runs";
    case CURLE_OPERATION_TIMEDOUT:
      return "look at the receiver, or raise `timeout`";
    case CURLE_PEER_FAILED_VERIFICATION:
      return "check `ca_file` and `server_name` in `tls`, and the receiver's certificate";
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      return "check the files named in `tls`";
    case CURLE_SSL_CONNECT_ERROR:
      return "check that the receiver speaks TLS 1.2 or later, and what it wants of `tls`";
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_GOT_NOTHING:
    case CURLE_WEIRD_SERVER_REPLY:
      return "check `protocol`";
    default:
      return {};
  }
}

/// TLS alone is told in libcurl's own words: they say which check failed, the others hold times
/// that make every message another.
bool is_of_tls(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM ||
         code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CACERT_BADFILE;
}

void start_libcurl() {
  static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)started;
}

}  // namespace

Sender::Sender(Config config, const std::string& version)
    : config_{std::move(config)}, user_agent_{"remora/" + version}, detail_(CURL_ERROR_SIZE, '\0') {
  start_libcurl();
}

void Sender::reopen() {
  handle_.reset();
}

void Sender::add_header(const std::string& line) {
  auto* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) { return; }
  (void)headers_.release();
  headers_.reset(longer);
}

void Sender::open() {
  handle_.reset(curl_easy_init());
  auto* const curl = handle_.get();
  const bool grpc = config_.protocol == Protocol::kGrpc;

  headers_.reset();
  add_header(grpc ? "Content-Type: application/grpc" : "Content-Type: application/x-protobuf");
  add_header("Expect:");
  if (grpc) {
    add_header("TE: trailers");
    add_header("grpc-timeout: " + std::to_string(config_.timeout.count()) + 'm');
  }
  if (config_.gzip) { add_header(grpc ? "grpc-encoding: gzip" : "Content-Encoding: gzip"); }
  for (const auto& line : config_.headers) { add_header(line); }

  curl_easy_setopt(curl, CURLOPT_URL, config_.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, user_agent_.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail_.data());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  long version = CURL_HTTP_VERSION_1_1;
  if (grpc) {
    version = config_.tls.enabled ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
  }
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, version);
  // libcurl 7.88, Debian 12's, cannot use such a connection a second time.
  const bool once = version == CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, once ? 1L : 0L);
  if (config_.tls.enabled) { protect(); }
}

void Sender::protect() {
  auto* const curl = handle_.get();
  const auto& tls = config_.tls;
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
  if (!tls.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, tls.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  if (!tls.certificate_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_SSLCERT, tls.certificate_file.c_str());
    curl_easy_setopt(curl, CURLOPT_SSLKEY, tls.key_file.c_str());
    // A key with a password is an error then, not a question at the terminal.
    curl_easy_setopt(curl, CURLOPT_KEYPASSWD, "");
  }
  if (!tls.server_name.empty()) {
    // libcurl takes the name to verify from the address: so the name goes there, and where to
    // connect to is said apart.
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url{curl_url(), curl_url_cleanup};
    char* host = nullptr;
    char* port = nullptr;
    char* whole = nullptr;
    curl_url_set(url.get(), CURLUPART_URL, config_.url.c_str(), 0);
    curl_url_get(url.get(), CURLUPART_HOST, &host, 0);
    curl_url_get(url.get(), CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
    curl_url_set(url.get(), CURLUPART_HOST, tls.server_name.c_str(), 0);
    curl_url_get(url.get(), CURLUPART_URL, &whole, 0);
    if (host != nullptr && port != nullptr && whole != nullptr) {
      connect_to_.reset(
          curl_slist_append(nullptr, ("::" + std::string{host} + ':' + port).c_str()));
      curl_easy_setopt(curl, CURLOPT_CONNECT_TO, connect_to_.get());
      curl_easy_setopt(curl, CURLOPT_URL, whole);
    }
    curl_free(host);
    curl_free(port);
    curl_free(whole);
  }
}

void Sender::pack(const std::string& request) {
  packed_.clear();
  const bool grpc = config_.protocol == Protocol::kGrpc;
  if (grpc) { packed_.resize(kGrpcPrefixBytes); }
  if (config_.gzip) {
    gzip_.append(request, packed_);
  } else {
    packed_ += request;
  }
  if (grpc) {
    // Whether it is compressed, and its length, most significant byte first.
    packed_[0] = config_.gzip ? '\x01' : '\0';
    const auto size = packed_.size() - kGrpcPrefixBytes;
    for (std::size_t at = 1; at < kGrpcPrefixBytes; ++at) {
      packed_[at] = static_cast<char>((size >> (8 * (kGrpcPrefixBytes - 1 - at))) & 0xffU);
    }
  }
}

Answer Sender::post(const std::string& request, std::chrono::milliseconds patience) {
  if (handle_ == nullptr) { open(); }
  pack(request);
  auto* const curl = handle_.get();
  Arriving arriving;
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &arriving);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &arriving);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, packed_.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(packed_.size()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
  detail_[0] = '\0';
  const auto code = curl_easy_perform(curl);
  auto answer = std::move(arriving.answer);
  if (code != CURLE_OK) {
    answer.failure =
        arriving.too_much ? "the answer is larger than any of an OTLP receiver" : failure_of(code);
    return answer;
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.http_status = static_cast<int>(status);
  return answer;
}

std::string Sender::failure_of(CURLcode code) const {
  std::string text = curl_easy_strerror(code);
  if (is_of_tls(code) && detail_[0] != '\0') { text = detail_.substr(0, detail_.find('\0')); }
  // A certificate's names are in there, which the receiver chose.
  text = text.substr(0, kMostDetail);
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  const auto hint = advice(code);
  return hint.empty() ? text : text + "; " + std::string{hint};
}

}  // namespace remora::outputs::otlp
