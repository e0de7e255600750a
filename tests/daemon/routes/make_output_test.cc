#include "daemon/routes/make_output.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::routes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MakeOutput, KnowsEveryOutputByItsWord) {
  for (const std::string text :
       {"type: file\npath: events.jsonl\n", "type: kafka\nbrokers: 127.0.0.1:9092\ntopic: remora\n",
        "type: otlp\nendpoint: http://127.0.0.1:4318\n", "type: store\npath: store.db\n",
        "type: stream\naddress: 127.0.0.1:4319\n",
        "type: syslog\naddress: 127.0.0.1:514\ntransport: tcp\n"}) {
    config::Problems problems;
    auto map = config::Map::read_text(text, "r.yaml", problems);
    EXPECT_NE(make_output(map), nullptr) << text;
    map.done();
    EXPECT_THAT(problems, IsEmpty()) << text;
  }
}

TEST(MakeOutput, SaysWhichThereAre) {
  config::Problems problems;
  auto map = config::Map::read_text("type: splunk\n", "r.yaml", problems);
  EXPECT_EQ(make_output(map), nullptr);
  auto without = config::Map::read_text("name: x\n", "r.yaml", problems);
  EXPECT_EQ(make_output(without), nullptr);
  EXPECT_THAT(problems, ElementsAre("r.yaml:1: type: one of these is wanted: file, kafka, otlp, "
                                    "store, stream, syslog",
                                    "r.yaml:1: type: is missing"));
}

}  // namespace
}  // namespace remora::routes
