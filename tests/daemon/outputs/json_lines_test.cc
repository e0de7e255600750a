#include "daemon/outputs/json_lines.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

namespace remora::outputs {
namespace {

TEST(JsonLines, NamesFieldsAsTheSchemaDoes) {
  v1::Event event;
  event.set_event_id("e1");
  event.mutable_time()->set_seconds(1'796'115'600);
  event.mutable_time()->set_nanos(11'360'000);
  event.set_certainty(v1::Knowledge::OBSERVED);
  event.set_confidence(1.0);
  event.add_evidence()->set_frame(64);
  event.mutable_logon()->set_windows_session_id(2);
  EXPECT_EQ(to_json_line(event),
            R"({"event_id":"e1","time":"2026-12-01T09:00:00.011360Z","certainty":"OBSERVED",)"
            R"("confidence":1,"evidence":[{"frame":"64"}],"logon":{"windows_session_id":2}})");
}

TEST(JsonLines, KeepsWhatStrangersWriteOnOneLine) {
  v1::Event event;
  event.mutable_anomaly()->set_detail("a\nb\r\x1b[31m\"\\ \u2028 \u00e9");
  const auto line = to_json_line(event);
  EXPECT_TRUE(std::ranges::none_of(line, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  })) << line;
}

TEST(JsonLines, WritesALineForEachEvent) {
  const auto path =
      std::filesystem::temp_directory_path() / ("remora-lines-" + std::to_string(getpid()));
  {
    auto sink = ByteSink::open(path.string());
    ASSERT_TRUE(sink.has_value());
    JsonLinesWriter writer{*sink};
    for (const auto* id : {"one", "two"}) {
      v1::Event event;
      event.set_event_id(id);
      writer.write(event);
    }
    writer.finish();
    EXPECT_EQ(sink->failure(), "");
  }
  std::ifstream in{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::filesystem::remove(path);
  EXPECT_EQ(text, "{\"event_id\":\"one\"}\n{\"event_id\":\"two\"}\n");
}

}  // namespace
}  // namespace remora::outputs
