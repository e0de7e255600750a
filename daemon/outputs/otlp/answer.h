#pragma once

#include <optional>
#include <string>

namespace remora::outputs::otlp {

/// What came back for one request. All of it is the receiver's word: it may be anything.
struct Answer {
  /// Why there is no whole answer; empty where there is one. Fit for messages.
  std::string failure;
  int http_status{0};
  std::string content_type;
  std::string retry_after;  ///< seconds or an HTTP date
  std::string body;
  std::optional<int> grpc_status;
  std::string grpc_message;  ///< percent-encoded
  std::string grpc_details;  ///< google.rpc.Status in base64
};

}  // namespace remora::outputs::otlp
