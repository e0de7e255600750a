#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/http/body_frames.h"
#include "dissect/http/content_range.h"
#include "dissect/http/document.h"
#include "dissect/http/login.h"
#include "dissect/http/requests.h"
#include "dissect/http_head/http_head.h"

namespace remora::http {

/// HTTP/1.x: the documents that go up and down, as far as they may be tickets, what is deleted or
/// moved, and who logs on.
///
///   each side:  head ─► body ─► head …     101: left.  CONNECT granted: recognised anew
///
/// A body that cannot be a ticket is passed over unread once that is known.
///
/// State: requests that wait for their answers; for each side the body it is in.
class HttpDissector final : public Dissector {
 public:
  /// LIMIT: pieces of a side looked at for the next head after a hole.
  static constexpr std::uint32_t kMaxPiecesWithoutHead = 256;

  /// `context` outlives the dissector.
  explicit HttpDissector(const Context& context) : context_{&context} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  struct Body {
    BodyFrames frames;
    std::unique_ptr<Document> document;  ///< null: passed over
    /// The document goes on in the next part: its name, and where that begins.
    std::string target{};
    std::uint64_t goes_on_at{0};
    /// Sent only when the server asks for it (RFC 9110 10.1.1): a head may come instead.
    bool awaits_continue{false};
  };
  struct OneSide {
    std::optional<Body> body;
    bool lost{false};  ///< no head was read since a hole
  };
  /// A document of which a first part came, RFC 9110 14.
  struct Part {
    std::string target;
    std::uint64_t next{0};
    std::unique_ptr<Document> document;
  };

  [[nodiscard]] OneSide& side(Side from) { return sides_.at(index_of(from)); }
  [[nodiscard]] std::size_t on_head(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_no_head(Side from, ByteView bytes, Findings& out);
  void on_request(Side from, const http_head::HttpHead& head, Instant at, Findings& out);
  void on_response(Side from, const http_head::HttpHead& head, Instant at, Findings& out);
  void tell_change(Side client, const Request& request, Instant at, Findings& out);
  void begin_body(Side from, const http_head::HttpHead& head,
                  const Document::Description& description, const std::string& target, Instant at,
                  Findings& out);
  [[nodiscard]] std::unique_ptr<Document> document_for(const Document::Description& description,
                                                       const std::string& target,
                                                       const std::optional<ContentRange>& range);
  [[nodiscard]] std::size_t on_body(Side from, ByteView bytes, Instant at, Findings& out);
  void settle_body(Side from, Instant at, Findings& out);
  void end_body(Side from, Instant at, Findings& out);

  const Context* context_;
  Login login_;
  Requests requests_;
  std::array<OneSide, 2> sides_;  ///< by index_of(Side)
  std::optional<Part> part_;
  std::optional<Side> client_;
  std::uint32_t pieces_without_head_{0};
};

}  // namespace remora::http
