#include "daemon/config/map.h"

#include <cstdint>
#include <cstdlib>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace remora::config {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

enum class Color : std::uint8_t { kRed, kBlue };
const std::map<std::string, Color> kColors{{"red", Color::kRed}, {"blue", Color::kBlue}};

TEST(ConfigMap, GivesValuesAndDefaults) {
  Problems problems;
  auto map = Map::read_text(
      "name: tap\nfast: true\nsize: 2MiB\nage: 5m\ncount: 7\ncolor: blue\nkinds: [a, b]\none: a\n",
      "r.yaml", problems);
  EXPECT_EQ(map.text("name"), "tap");
  EXPECT_TRUE(map.flag("fast", false));
  EXPECT_EQ(map.bytes("size", 0), 2U << 20U);
  EXPECT_EQ(map.duration("age", milliseconds{0}), milliseconds{300'000});
  EXPECT_EQ(map.number("count", 0, 1, 10), 7U);
  EXPECT_EQ(map.word("color", kColors, Color::kRed), Color::kBlue);
  EXPECT_THAT(map.texts("kinds"), ElementsAre("a", "b"));
  EXPECT_THAT(map.texts("one"), ElementsAre("a"));
  EXPECT_EQ(map.text("absent", "there"), "there");
  EXPECT_EQ(map.word("no_color", kColors, Color::kRed), Color::kRed);
  map.done();
  EXPECT_THAT(problems, IsEmpty());
}

TEST(ConfigMap, ReportsEveryWrongValueWithItsLine) {
  Problems problems;
  auto map = Map::read_text("fast: yes\nsize: 2MB\nage: 5\ncount: 11\ncolor: green\nname: [a]\n",
                            "r.yaml", problems);
  EXPECT_TRUE(map.flag("fast", true));
  EXPECT_EQ(map.bytes("size", 3), 3U);
  EXPECT_EQ(map.duration("age", milliseconds{4}), milliseconds{4});
  EXPECT_EQ(map.number("count", 5, 1, 10), 5U);
  EXPECT_EQ(map.word("color", kColors, Color::kRed), Color::kRed);
  EXPECT_EQ(map.text("name", "none"), "none");
  EXPECT_EQ(map.required("endpoint"), "");
  map.done();
  EXPECT_THAT(
      problems,
      ElementsAre(
          "r.yaml:1: fast: true or false is wanted",
          "r.yaml:2: size: a size is wanted, such as 4096, 64KiB, 1MiB or 2GiB",
          "r.yaml:3: age: a time with its unit is wanted, such as 500ms, 30s, 5m, 12h or 7d",
          "r.yaml:4: count: a whole number from 1 to 10 is wanted",
          "r.yaml:5: color: one of these is wanted: blue, red",
          "r.yaml:6: name: one value is wanted here, not a list or map",
          "r.yaml:1: endpoint: is missing"));
}

TEST(ConfigMap, NamesTheNearestKeyOfOneItDoesNotKnow) {
  Problems problems;
  auto map = Map::read_text("outputs:\n  - endpiont: a\n  - endpoint: b\n    endpoint: c\n",
                            "r.yaml", problems);
  for (auto& output : map.maps("outputs")) {
    (void)output.text("endpoint");
    output.done();
  }
  map.done();
  EXPECT_THAT(problems,
              ElementsAre("r.yaml:2: outputs[0].endpiont: is not known; did you mean endpoint?",
                          "r.yaml:4: outputs[1].endpoint: stands there twice"));
}

TEST(ConfigMap, NestsAndKnowsWhereItIs) {
  Problems problems;
  auto map = Map::read_text("a:\n  b:\n    c: x\nlist: 3\nflat: 1\n", "r.yaml", problems);
  auto b = map.map("a").map("b");
  EXPECT_EQ(b.number("c", 1, 0, 9), 1U);
  EXPECT_THAT(map.maps("list"), IsEmpty());
  EXPECT_EQ(map.map("flat").text("z", "none"), "none");
  EXPECT_EQ(map.map("absent").text("z", "none"), "none");
  EXPECT_THAT(problems,
              ElementsAre("r.yaml:3: a.b.c: a whole number from 0 to 9 is wanted",
                          "r.yaml:4: list: a list is wanted; begin each element with a dash",
                          "r.yaml:5: flat: a mapping is wanted"));
}

TEST(ConfigMap, TakesSecretsFromTheEnvironmentAndTellsNone) {
  ASSERT_EQ(setenv("REMORA_TEST_SECRET", "hunter2", 1), 0);
  Problems problems;
  auto map = Map::read_text(
      "password: ${REMORA_TEST_SECRET}\ncount: ${REMORA_TEST_SECRET}\n"
      "other: ${REMORA_TEST_UNSET}\n",
      "r.yaml", problems);
  EXPECT_EQ(map.text("password"), "hunter2");
  (void)map.number("count", 0, 0, 9);
  EXPECT_EQ(map.text("other", "none"), "none");
  EXPECT_THAT(problems,
              ElementsAre("r.yaml:2: count: a whole number from 0 to 9 is wanted",
                          "r.yaml:3: other: wants the environment variable REMORA_TEST_UNSET, "
                          "which is not set"));
}

TEST(ConfigMap, SaysWhereATextIsNoYaml) {
  for (const auto* text : {"a: [1\nb: 2\n", "a: b: c\n", "\t- x\n"}) {
    Problems problems;
    auto map = Map::read_text(text, "r.yaml", problems);
    EXPECT_EQ(problems.size(), 1U) << text;
    EXPECT_EQ(problems.at(0).rfind("r.yaml:", 0), 0U) << problems.at(0);
    EXPECT_EQ(map.text("a", "none"), "none");
  }
  Problems problems;
  (void)Map::read_text("- a\n", "r.yaml", problems);
  (void)Map::read_file("/nonexistent/r.yaml", problems);
  EXPECT_THAT(problems,
              ElementsAre("r.yaml:1: is not a mapping; write KEY: VALUE lines",
                          "/nonexistent/r.yaml: cannot be read: No such file or directory"));
}

TEST(ConfigMap, WaitsForNoPipe) {
  const remora::testing::ScratchFolder folder;
  const std::string pipe = folder.path() / "r.yaml";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  Problems problems;
  (void)Map::read_file(pipe, problems);
  (void)Map::read_file(folder.path(), problems);
  constexpr const char* kSays = ": is a folder, a pipe or the like; name a file";
  EXPECT_THAT(problems, ElementsAre(pipe + kSays, folder.path().string() + kSays));
}

}  // namespace
}  // namespace remora::config
