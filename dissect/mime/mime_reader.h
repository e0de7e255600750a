#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/mime/header_reader.h"
#include "dissect/mime/leaf_body.h"
#include "dissect/mime/part_headers.h"
#include "dissect/mime/part_sink.h"

namespace remora::mime {

/// Reads a message as it comes (RFC 5322, RFC 2045 to 2049), in pieces of any size, and hands its
/// parts to a sink, decoded. Never holds more of a body than what may be the line between two
/// parts.
///
///   headers ─► leaf body ─┬─► delimiter ─► headers of the next part
///                         └─► last delimiter ─► between parts (also before the first)
///   headers of a multipart or a message ─► one level deeper
///
/// State: the boundaries of the multiparts that are open, the headers or the body read now. The
/// same bytes in other pieces give the same parts; pieces of a body may be cut elsewhere.
class MimeReader {
 public:
  /// LIMIT: multiparts and messages inside one another; what is deeper is not read.
  static constexpr std::size_t kMaxDepth = 24;
  /// LIMIT: parts of one message; what follows is not read.
  static constexpr std::size_t kMaxParts = 10'000;
  /// Header lines of one entity beyond which it is told of; reading them costs no memory.
  static constexpr std::uint64_t kManyHeaderLines = 2'000;

  /// A message, from its first header on.
  MimeReader() = default;
  /// A body whose headers came by another way: those of an HTTP message, of a part asked for alone.
  explicit MimeReader(const PartHeaders& headers) : given_{headers} {}

  void on_bytes(ByteView bytes, PartSink& sink);
  /// Bytes are missing here.
  void on_gap(PartSink& sink);
  /// No more comes. Also to be called when the message is given up half-way.
  void on_end(PartSink& sink);

 private:
  enum class State : std::uint8_t {
    kHeaders,
    kLeaf,     ///< in a body that the sink was told of
    kMessage,  ///< in an encoded message: decoded, it is read by `inner_`
    kBetween,  ///< outside of parts, or in one that is not read
    kIgnored,  ///< nothing more is read
  };
  /// A multipart or message that was entered.
  struct Level {
    std::string boundary{};  ///< empty for a message
    bool digest{false};      ///< its parts are messages where they do not say (RFC 2046 5.1.5)
  };
  class InnerSink;

  MimeReader(std::size_t depth, std::size_t parts) : outer_depth_{depth}, parts_{parts} {}

  [[nodiscard]] std::size_t on_headers(ByteView bytes, PartSink& sink);
  [[nodiscard]] std::size_t on_body(ByteView bytes, PartSink& sink);
  [[nodiscard]] std::size_t on_held(ByteView bytes, PartSink& sink);
  void judge_held(bool ended, PartSink& sink);
  void on_content(ByteView bytes, PartSink& sink);
  [[nodiscard]] bool may_be_delimiter() const;
  [[nodiscard]] std::optional<std::size_t> delimited(std::string_view line, bool& last) const;
  void on_delimiter(std::size_t level, bool last, PartSink& sink);
  void on_headers_end(PartSink& sink);
  void enter(const PartHeaders& headers, PartSink& sink);
  void enter_level(Level level, State next, PartSink& sink);
  void enter_message(const PartHeaders& headers, PartSink& sink);
  void end_part(PartSink& sink);
  void begin_headers(PartSink& sink);

  std::optional<PartHeaders> given_;
  HeaderReader headers_;
  LeafBody leaf_;
  std::vector<Level> open_;
  std::unique_ptr<MimeReader> inner_;
  /// A line end and the beginning of the line behind it, while it may become a delimiter.
  std::string held_;
  std::size_t outer_depth_{0};  ///< of the message that this one was encoded in
  std::size_t parts_{0};
  State state_{State::kHeaders};
  bool holding_{false};
  bool at_line_start_{true};
  bool has_boundaries_{false};
  bool told_headers_{false};
};

}  // namespace remora::mime
