#pragma once

#include <string>

#include <google/protobuf/message.h>

#include "daemon/outputs/event_writer.h"

namespace remora::outputs {

/// proto3 JSON with the field names of the schema, on one line without its end.
[[nodiscard]] std::string to_json_line(const google::protobuf::Message& message);

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
