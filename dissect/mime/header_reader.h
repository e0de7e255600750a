#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "capture/base/bytes.h"
#include "dissect/mime/part_headers.h"

namespace remora::mime {

/// Reads the header lines of one entity as they come (RFC 5322 2.2) and keeps the fields that tell
/// of its body. Lenient: LF alone ends a line, a line without colon is passed over.
///
/// State: the fields, each up to kMaxField; the first of a name counts.
class HeaderReader {
 public:
  /// LIMIT: of one field's value, unfolded; what is beyond is dropped.
  static constexpr std::size_t kMaxField = std::size_t{8} << 10U;

  /// Reads up to the end of the empty line that ends the headers, or up to a line that begins with
  /// a dash, which no field does but a delimiter; returns how much was read.
  [[nodiscard]] std::size_t on_bytes(ByteView bytes);

  /// The empty line was read.
  [[nodiscard]] bool done() const { return state_ == State::kDone; }
  /// The next byte is a dash at the start of a line.
  [[nodiscard]] bool at_dash() const { return at_dash_; }
  /// What began with a dash was no delimiter: its line is passed over. `ended` says that the line's
  /// end was seen too.
  void pass_line(bool ended) {
    at_dash_ = false;
    state_ = ended ? State::kLineStart : State::kSkip;
  }
  /// Bytes are missing: what stood around them counts for nothing.
  void on_gap();

  [[nodiscard]] const RawFields& fields() const { return fields_; }
  /// Lines read so far, folded ones counted each.
  [[nodiscard]] std::uint64_t lines() const { return lines_; }

 private:
  enum class State : std::uint8_t { kLineStart, kEmptyLine, kName, kValue, kSkip, kDone };

  [[nodiscard]] std::size_t on_line_start(ByteView bytes);
  [[nodiscard]] std::size_t on_name(ByteView bytes);
  [[nodiscard]] std::size_t on_rest(ByteView bytes);
  [[nodiscard]] std::string RawFields::*field_of_name() const;

  RawFields fields_;
  std::string name_;
  /// Where the value goes; null for a field of no interest.
  std::string RawFields::*field_{nullptr};
  std::uint64_t lines_{0};
  State state_{State::kLineStart};
  bool at_dash_{false};
};

}  // namespace remora::mime
