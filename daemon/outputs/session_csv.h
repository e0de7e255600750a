#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/outputs/byte_sink.h"
#include "remora/v1/session.pb.h"

namespace remora::outputs {

/// One cell, RFC 4180: quoted where it must be. Spreadsheets run what looks like a formula, and
/// users of the network choose the texts: an apostrophe before it makes it a text for them.
[[nodiscard]] std::string to_csv_cell(std::string_view text);

/// Sessions as CSV with a header line; UTF-8, lines end in CRLF. What is not known is empty.
class SessionCsvWriter {
 public:
  /// `sink` must outlive the writer.
  explicit SessionCsvWriter(ByteSink& sink);
  void write(const v1::Session& session);
  void finish() { sink_->flush(); }

 private:
  void write_line(const std::vector<std::string>& cells);
  ByteSink* sink_;
};

}  // namespace remora::outputs
