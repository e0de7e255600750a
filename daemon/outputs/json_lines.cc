#include "daemon/outputs/json_lines.h"

#include <google/protobuf/util/json_util.h>

namespace remora::outputs {

std::string to_json_line(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  // Fails only for messages with unresolvable Any fields; ours have none.
  (void)google::protobuf::util::MessageToJsonString(message, &line, options);
  return line;
}

void JsonLinesWriter::write(const v1::Event& event) {
  sink_->write(to_json_line(event));
  sink_->write("\n");
}

}  // namespace remora::outputs
