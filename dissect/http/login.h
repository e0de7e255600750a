#pragma once

#include <cstdint>

#include "dissect/conversation/findings.h"
#include "dissect/http_head/http_head.h"
#include "dissect/spnego/authentication.h"

namespace remora::http {

/// The login with NTLM or Negotiate ([MS-NTHT], RFC 4559) of one connection, at a server or a
/// proxy.
///
///   request ─► 401 or 407 that offers it ─► request with token ─► 401 with token ─► request with
///   token: over. Mostly one request and its answer rule it out.
class Login {
 public:
  /// LIMIT: answers read.
  static constexpr std::uint32_t kMaxExchanges = 8;

  void on_request(Side from, const http_head::HttpHead& head, Instant at, Findings& out);
  void on_response(Side from, const http_head::HttpHead& head, Instant at, Findings& out);

  /// Nothing more is read of it.
  [[nodiscard]] bool over() const { return over_; }

 private:
  [[nodiscard]] bool read_header(Side from, const http_head::Header& header, Instant at,
                                 Findings& out);

  spnego::Authentication authentication_;
  std::uint32_t exchanges_{0};
  bool through_proxy_{false};  ///< absolute target: the other end is not the server that is asked
  bool over_{false};
};

}  // namespace remora::http
