#pragma once

#include <chrono>
#include <curl/curl.h>
#include <memory>
#include <string>

#include "daemon/outputs/otlp/answer.h"
#include "daemon/outputs/otlp/config.h"
#include "daemon/outputs/otlp/gzip.h"

namespace remora::outputs::otlp {

/// Posts serialized requests to one receiver, over one connection that is kept (gRPC without TLS
/// has one for each request): HTTP/1.1, or HTTP/2 with gRPC's framing. Redirections, proxies of the
/// environment and cookies are not followed.
///
/// LIMIT: an answer of more than 64 KiB, or with headers of more, counts as none.
class Sender {
 public:
  /// `version` of this program, for the receiver's log.
  Sender(Config config, const std::string& version);

  /// Waits for the answer, `patience` at most.
  [[nodiscard]] Answer post(const std::string& request, std::chrono::milliseconds patience);

  /// The next request opens a new connection, and reads certificates and keys again.
  void reopen();

 private:
  struct Close {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void open();
  void protect();
  void add_header(const std::string& line);
  void pack(const std::string& request);
  [[nodiscard]] std::string failure_of(CURLcode code) const;

  Config config_;
  std::string user_agent_;
  Gzip gzip_;
  std::string packed_;
  std::string detail_;  ///< libcurl's own words on a failure
  std::unique_ptr<curl_slist, Close> headers_;
  std::unique_ptr<curl_slist, Close> connect_to_;
  std::unique_ptr<CURL, Close> handle_;
};

}  // namespace remora::outputs::otlp
