// siem_lines ecs|ocsf|cef|leef: events as JSON lines from the standard input, each as one line of
// that format. siem_lines stream: such lines as length-delimited remora.v1.Event. siem_lines
// events: made-up events of every kind as JSON lines; full, bare, and with hostile texts.
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include <google/protobuf/util/json_util.h>

#include "daemon/outputs/byte_sink.h"
#include "daemon/outputs/json_lines.h"
#include "daemon/outputs/protobuf_stream.h"
#include "daemon/siem/cef.h"
#include "daemon/siem/ecs.h"
#include "daemon/siem/leef.h"
#include "daemon/siem/ocsf.h"
#include "tests/support/full_events.h"

namespace {

using Mapping = std::string (*)(const remora::v1::Event&);

int read_lines(const std::function<void(const remora::v1::Event&)>& use) {
  std::string line;
  while (std::getline(std::cin, line)) {
    remora::v1::Event event;
    const auto parsed = google::protobuf::util::JsonStringToMessage(line, &event);
    if (!parsed.ok()) {
      std::cerr << "siem_lines: not an event: " << parsed.ToString() << '\n';
      return 1;
    }
    use(event);
  }
  return 0;
}

int write_stream() {
  auto sink = remora::outputs::ByteSink::open("");
  if (!sink.has_value()) { return 1; }
  remora::outputs::ProtobufStreamWriter writer{*sink};
  const int result = read_lines([&](const auto& event) { writer.write(event); });
  writer.finish();
  return sink->failure().empty() ? result : 1;
}

void write_made_events() {
  const std::string hostile =
      " \n\r\n\t\x01\x7f=|\\^\"]}<\xe2\x80\xa8\xf0\x9f\x92\xa9 src=6.6.6.6^dst=6.6.6.6";
  for (const auto& event : remora::testing::full_events()) {
    std::cout << remora::outputs::to_json_line(event) << '\n'
              << remora::outputs::to_json_line(remora::testing::with_texts(event, hostile)) << '\n';
  }
  for (const auto& event : remora::testing::bare_events()) {
    std::cout << remora::outputs::to_json_line(event) << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, Mapping> mappings{{"ecs", remora::siem::to_ecs},
                                                {"ocsf", remora::siem::to_ocsf},
                                                {"cef", remora::siem::to_cef},
                                                {"leef", remora::siem::to_leef}};
  const std::string format = argc == 2 ? argv[1] : "";
  if (format == "events") {
    write_made_events();
    return 0;
  }
  if (format == "stream") { return write_stream(); }
  const auto found = mappings.find(format);
  if (found == mappings.end()) {
    std::cerr << "usage: siem_lines events|stream|ecs|ocsf|cef|leef\n";
    return 2;
  }
  return read_lines([&](const auto& event) { std::cout << found->second(event) << '\n'; });
}
