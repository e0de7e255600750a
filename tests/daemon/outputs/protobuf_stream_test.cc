#include "daemon/outputs/protobuf_stream.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace remora::outputs {
namespace {

std::string written(int events) {
  const auto path =
      std::filesystem::temp_directory_path() / ("remora-stream-" + std::to_string(getpid()));
  {
    auto sink = ByteSink::open(path.string());
    ProtobufStreamWriter writer{*sink};
    for (int i = 0; i < events; ++i) {
      v1::Event event;
      event.set_event_id(std::string(static_cast<std::size_t>(100 * i), 'x'));
      writer.write(event);
    }
    writer.finish();
  }
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::filesystem::remove(path);
  return text;
}

TEST(ProtobufStream, ReadsBackWhatWasWritten) {
  std::istringstream in{written(5)};
  ProtobufStreamReader reader{in};
  for (std::size_t i = 0; i < 5; ++i) {
    const auto event = reader.next();
    ASSERT_TRUE(event.has_value() && event->has_value());
    EXPECT_EQ((*event)->event_id().size(), 100 * i);
  }
  const auto end = reader.next();
  ASSERT_TRUE(end.has_value());
  EXPECT_FALSE(end->has_value());
}

TEST(ProtobufStream, SaysWhereItIsCut) {
  const auto whole = written(2);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    std::istringstream in{whole.substr(0, size)};
    ProtobufStreamReader reader{in};
    auto event = reader.next();
    while (event.has_value() && event->has_value()) { event = reader.next(); }
    if (size == 1) { continue; }  // the first event is empty: a length of 0
    ASSERT_FALSE(event.has_value()) << size;
    EXPECT_NE(event.error().find("at byte"), std::string::npos);
  }
}

TEST(ProtobufStream, RefusesALengthBeyondAnyEvent) {
  std::istringstream in{std::string{"\xff\xff\xff\xff\x0f"} + "x"};
  ProtobufStreamReader reader{in};
  const auto event = reader.next();
  ASSERT_FALSE(event.has_value());
  EXPECT_EQ(event.error(), "event of 4294967295 bytes at byte 0: larger than any event");
}

TEST(ProtobufStream, RefusesText) {
  std::istringstream in{"this is no event stream at all, is it?"};
  ProtobufStreamReader reader{in};
  EXPECT_FALSE(reader.next().has_value());
}

}  // namespace
}  // namespace remora::outputs
