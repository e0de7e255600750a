#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/findings.h"
#include "dissect/http/content_codings.h"
#include "dissect/mime/mime_reader.h"
#include "dissect/mime/part_headers.h"
#include "dissect/mime/part_sink.h"
#include "dissect/ticket/body_watch.h"

namespace remora::http {

/// How far a body of this media type ("image/png"; empty where none is told) is searched when it
/// does not begin as a ticket does; see dissect/ticket/body_watch.h.
[[nodiscard]] std::uint64_t searched_bytes(std::string_view media_type);

/// The content of one message on its way to the ticket watch: its codings undone, and where it is a
/// form with files, or a mail, each of its parts for itself.
///
/// State: decoders, and one part's watch. The same findings however the content is cut.
class Document final : private mime::PartSink {
 public:
  struct Description {
    std::string_view content_type{};
    std::string_view content_disposition{};
    std::string_view content_encoding{};
    std::string file_name{};  ///< where the disposition tells none
    std::string place{};
  };
  /// `context` outlives the document.
  Document(const Description& description, const Context& context);

  /// False once the rest of the content cannot matter: it may be passed over.
  [[nodiscard]] bool wanted() const;

  void on_content(Side from, ByteView content, Instant at, Findings& out);
  void on_gap(Side from, Instant at, Findings& out);
  void on_end(Side from, Instant at, Findings& out);

 private:
  struct Call {
    Side from{};
    Instant at;
    Findings* out{nullptr};
  };

  [[nodiscard]] bool on_part(const mime::PartHeaders& headers) override;
  [[nodiscard]] bool on_part_bytes(ByteView bytes) override;
  void on_part_gap() override;
  void on_part_end() override;
  void on_oddity(const char* code, const char* detail) override;
  [[nodiscard]] bool take(ByteView decoded);

  const Context* context_;
  ContentCodings codings_;
  std::unique_ptr<mime::MimeReader> parts_;  ///< of a form or a mail
  std::optional<ticket::BodyWatch> watch_;   ///< of the body, or of the part that is coming in
  Call call_;                                ///< what the sink is told belongs to
};

}  // namespace remora::http
