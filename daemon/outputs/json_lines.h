#pragma once

#include <optional>
#include <string>

#include <google/protobuf/message.h>

#include "daemon/outputs/event_writer.h"

namespace remora::outputs {

/// proto3 JSON with the field names of the schema, on one line without its end. Of an event that
/// this program made.
[[nodiscard]] std::string to_json_line(const google::protobuf::Message& message);

/// The same of an event that a stranger made: nothing where JSON cannot say it, such as a time
/// outside the years 1 to 9999.
[[nodiscard]] std::optional<std::string> json_line_of(const google::protobuf::Message& message);

/// One event a line.
class JsonLinesWriter final : public EventWriter {
 public:
  explicit JsonLinesWriter(ByteSink& sink) : sink_{&sink} {}
  void write(const v1::Event& event) override;
  void finish() override { sink_->flush(); }

 private:
  ByteSink* sink_;
};

}  // namespace remora::outputs
