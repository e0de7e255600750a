// Writes made events, numbered from 0, as a stream of length-delimited remora.v1.Event:
//
//   make_events COUNT FILE
#include <iostream>
#include <string>
#include <vector>

#include "daemon/outputs/byte_sink.h"
#include "daemon/outputs/protobuf_stream.h"
#include "tests/support/made_events.h"

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  if (given.size() != 2) {
    std::cerr << "usage: make_events COUNT FILE\n";
    return 2;
  }
  auto sink = remora::outputs::ByteSink::open(given[1]);
  if (!sink.has_value()) {
    std::cerr << sink.error() << '\n';
    return 1;
  }
  remora::outputs::ProtobufStreamWriter writer{*sink};
  const auto count = std::stoull(given[0]);
  for (std::uint64_t number = 0; number < count; ++number) {
    writer.write(remora::testing::made_event(number));
  }
  writer.finish();
  return sink->failure().empty() ? 0 : 1;
}
