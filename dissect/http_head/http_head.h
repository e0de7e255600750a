#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/extent.h"

namespace remora::http_head {

/// LIMIT: of a head, start line to empty line; servers refuse more than 8 to 16 KiB.
inline constexpr std::size_t kMaxHeadBytes = 16U << 10U;
/// LIMIT: header lines kept; those after them are passed over.
inline constexpr std::size_t kMaxHeaders = 100;

/// One header line, RFC 9112 5. A continuation line (obsolete folding) is passed over.
struct Header {
  std::string name;        ///< lower case
  std::string_view value;  ///< without white space around it; bytes as sent, of any encoding
  bool operator==(const Header&) const = default;
};

/// How the end of the body is found, RFC 9112 6.3.
enum class BodyFraming : std::uint8_t {
  kNone,       ///< the next head follows at once
  kLength,     ///< `content_length` bytes
  kChunked,    ///< Transfer-Encoding: chunked
  kUnbounded,  ///< until the connection closes, or told in a way that cannot be followed
};

/// Start line and headers of an HTTP/1.x message. Borrows from the bytes that were read.
struct HttpHead {
  bool is_response{false};
  std::string_view method;  ///< request: "GET", as sent
  std::string_view target;  ///< request: "/path", "host:port", as sent
  std::uint16_t status{0};  ///< response: 100 to 999
  std::vector<Header> headers;
  /// As the head alone tells it: what answers HEAD, or grants CONNECT, has no body all the same.
  BodyFraming framing{BodyFraming::kNone};
  std::uint64_t content_length{0};

  /// Value of the first header of this name (in lower case); empty when there is none.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view lower_case_name) const;
};

/// Whether `text` may stand where a method stands: a token of RFC 9110 5.6.2, not empty.
[[nodiscard]] bool is_token(std::string_view text);

/// Where the head at the start of `bytes` ends: with its empty line (CR LF or LF alone). Empty
/// lines before it belong to it (RFC 9112 2.2). Lost when no head can begin so, or ends within the
/// limit.
[[nodiscard]] Extent measure_http_head(ByteView bytes);

/// A whole head, as measured. Lenient: a line without colon, or with a strange name, is passed
/// over.
[[nodiscard]] HttpHead read_http_head(Cursor& in);

}  // namespace remora::http_head
