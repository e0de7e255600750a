#include "daemon/outputs/json_lines.h"

#include <google/protobuf/util/json_util.h>

namespace remora::outputs {

std::optional<std::string> json_line_of(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  if (!google::protobuf::util::MessageToJsonString(message, &line, options).ok()) {
    return std::nullopt;
  }
  return line;
}

std::string to_json_line(const google::protobuf::Message& message) {
  return json_line_of(message).value_or("{}");
}

void JsonLinesWriter::write(const v1::Event& event) {
  sink_->write(to_json_line(event));
  sink_->write("\n");
}

}  // namespace remora::outputs
