#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "capture/base/bytes.h"
#include "dissect/encoding/base64_stream.h"
#include "dissect/encoding/quoted_printable.h"
#include "dissect/encoding/uuencode.h"
#include "dissect/mime/part_headers.h"
#include "dissect/mime/part_sink.h"

namespace remora::mime {

/// Takes the transfer encoding off a body on its way to the sink; in plain text also what stands
/// between "begin 644 name" and "end", each such file as a part of its own.
///
/// State: an unfinished group, or the beginning of a line up to kMaxBeginLine.
class LeafBody {
 public:
  /// LIMIT: of a line that announces a uuencoded file.
  static constexpr std::size_t kMaxBeginLine = 300;

  void begin(PartHeaders headers, PartSink& sink);
  /// The next bytes as they stand in the message.
  void on_bytes(ByteView bytes, PartSink& sink);
  void on_gap(PartSink& sink);
  void end(PartSink& sink);

 private:
  using Transfer =
      std::variant<std::monostate, encoding::Base64Stream, encoding::QuotedPrintableStream>;

  void on_decoded(ByteView bytes, PartSink& sink);
  [[nodiscard]] std::size_t on_text(ByteView bytes, PartSink& sink);
  [[nodiscard]] std::size_t on_line_start(ByteView bytes, PartSink& sink);
  [[nodiscard]] std::size_t on_uuencoded(ByteView bytes, PartSink& sink);
  void pass_on(ByteView bytes, PartSink& sink);
  void give_back_line(PartSink& sink);
  void begin_part(const PartHeaders& headers, PartSink& sink);
  void end_part(PartSink& sink);

  PartHeaders headers_;
  Transfer transfer_;
  encoding::UuencodeStream uuencode_;
  std::string line_;  ///< what may become "begin 644 name"
  bool looks_for_begin_{false};
  bool at_line_start_{true};
  bool in_uuencoded_{false};
  bool begun_{false};   ///< the sink has a part
  bool wanted_{false};  ///< and wants more of it
};

}  // namespace remora::mime
