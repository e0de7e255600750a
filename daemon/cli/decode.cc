#include "daemon/cli/decode.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "daemon/cli/messages.h"
#include "daemon/outputs/event_writer.h"
#include "daemon/outputs/json_lines.h"
#include "daemon/outputs/protobuf_stream.h"

namespace remora::cli {
namespace {

[[nodiscard]] int decode_stream(std::istream& in, const std::string& name) {
  auto sink = outputs::ByteSink::open({});
  if (!sink.has_value()) {
    tell_error(sink.error());
    return 1;
  }
  outputs::JsonLinesWriter writer{*sink};
  outputs::ProtobufStreamReader reader{in};
  while (true) {
    const auto event = reader.next();
    if (!event.has_value()) {
      writer.finish();
      tell_error(name + ": " + event.error() +
                 "; expected the output of: remora replay --format protobuf");
      return 1;
    }
    if (!event->has_value()) { break; }
    writer.write(**event);
    if (!sink->failure().empty()) { break; }
  }
  writer.finish();
  if (!sink->failure().empty()) {
    tell_error(sink->failure());
    return 1;
  }
  return 0;
}

}  // namespace

int decode(const std::string& file) {
  if (file == "-") { return decode_stream(std::cin, "standard input"); }
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    tell_error(file + ": is a directory; name an event stream");
    return 1;
  }
  std::ifstream in{file, std::ios::binary};
  if (!in) {
    tell_error(file + ": cannot be read: " + std::strerror(errno));
    return 1;
  }
  return decode_stream(in, file);
}

}  // namespace remora::cli
