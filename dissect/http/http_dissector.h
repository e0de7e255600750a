#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dissect/conversation/dissector.h"
#include "dissect/http_head/http_head.h"
#include "dissect/spnego/authentication.h"

namespace remora::http {

/// HTTP/1.x as far as it logs on with NTLM or Negotiate ([MS-NTHT], RFC 4559), at a server or a
/// proxy. Mostly that takes one request and its answer to rule out, and then the flow is left.
///
///   request ─► 401 or 407 that offers it ─► request with token ─► 401 with token ─► request with
///   token: answered ─► left
///
/// State: the authentication exchange, and what the last request was.
class HttpDissector final : public Dissector {
 public:
  /// LIMIT: answers read.
  static constexpr std::uint32_t kMaxExchanges = 8;
  /// LIMIT: pieces of a side looked at for the next head after a hole.
  static constexpr std::uint32_t kMaxPiecesWithoutHead = 32;

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  [[nodiscard]] std::size_t on_no_head(Side from, ByteView bytes, Findings& out);
  void on_request(Side from, const http_head::HttpHead& head, Instant at, Findings& out);
  void on_response(Side from, const http_head::HttpHead& head, Instant at, Findings& out);
  [[nodiscard]] bool read_header(Side from, const http_head::Header& header, Instant at,
                                 Findings& out);

  spnego::Authentication authentication_;
  std::uint32_t exchanges_{0};
  bool asked_for_head_{false};  ///< by HEAD: the answer has no body, whatever it says
  bool through_proxy_{false};   ///< absolute target: the other end is not the server that is asked
  std::array<bool, 2> lost_{};  ///< by index_of(Side): no head was read since a hole
  std::uint32_t pieces_without_head_{0};
};

}  // namespace remora::http
