#include "daemon/outputs/event_writer.h"

#include "daemon/outputs/json_lines.h"
#include "daemon/outputs/protobuf_stream.h"
#include "daemon/outputs/table.h"

namespace remora::outputs {

std::unique_ptr<EventWriter> make_writer(Format format, ByteSink& sink) {
  switch (format) {
    case Format::kTable:
      return std::make_unique<TableWriter>(sink);
    case Format::kProtobuf:
      return std::make_unique<ProtobufStreamWriter>(sink);
    case Format::kJsonLines:
      break;
  }
  return std::make_unique<JsonLinesWriter>(sink);
}

}  // namespace remora::outputs
