#include "daemon/config/map.h"

#include <cstdint>
#include <cstdlib>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tl/expected.hpp>

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

TEST(ConfigMap, HoldsQuantitiesWithinBounds) {
  Problems problems;
  auto map = Map::read_text("age: 5m\nsize: 1KiB\nwrong: x\n", "r.yaml", problems);
  using std::chrono::seconds;
  EXPECT_EQ(map.duration("age", seconds{9}, seconds{1}, seconds{300}), seconds{300});
  EXPECT_EQ(map.duration("age", seconds{9}, seconds{1}, seconds{10}), seconds{9});
  EXPECT_EQ(map.duration("wrong", seconds{9}, seconds{1}, seconds{10}), seconds{9});
  EXPECT_EQ(map.bytes("size", 4096, 1024, 8192), 1024U);
  EXPECT_EQ(map.bytes("size", 4096, 2048, 8192), 4096U);
  EXPECT_EQ(map.bytes("absent", 4096, 2048, 8192), 4096U);
  EXPECT_THAT(
      problems,
      ElementsAre(
          "r.yaml:1: age: a time from 1s to 10s is wanted",
          "r.yaml:3: wrong: a time with its unit is wanted, such as 500ms, 30s, 5m, 12h or 7d",
          "r.yaml:2: size: a size from 2KiB to 8KiB is wanted"));
}

TEST(ConfigMap, TellsTheLineOfAnElementThatIsRefused) {
  Problems problems;
  auto map = Map::read_text("sizes:\n  - a\n  - bbb\n  - [c]\n  - cc\n", "r.yaml", problems);
  const auto sizes =
      map.list("sizes", [](const std::string& text) -> tl::expected<std::size_t, std::string> {
        if (text.size() > 2) { return tl::unexpected{std::string{"is too long"}}; }
        return text.size();
      });
  EXPECT_THAT(sizes, ElementsAre(1, 2));
  EXPECT_THAT(problems, ElementsAre("r.yaml:4: sizes: a list of texts is wanted",
                                    "r.yaml:3: sizes: is too long"));
}

TEST(ConfigMap, TakesATextForAMappingOfOneKey) {
  Problems problems;
  auto map = Map::read_text("list:\n  - a\n  - {name: b, size: 3}\n  - [c]\none: d\nmany: e\n",
                            "r.yaml", problems);
  std::vector<std::string> names;
  for (const auto* key : {"list", "one"}) {
    for (auto& entry : map.maps(key, "name")) {
      names.push_back(entry.text("name"));
      (void)entry.number("size", 0, 0, 9);
      entry.done();
    }
  }
  EXPECT_THAT(names, ElementsAre("a", "b", "", "d"));
  EXPECT_THAT(map.maps("many"), IsEmpty());
  EXPECT_THAT(problems,
              ElementsAre("r.yaml:4: list[2]: a mapping is wanted",
                          "r.yaml:6: many: a list is wanted; begin each element with a dash"));
}

TEST(ConfigMap, GivesKeysThatAreTheOperatorsOwn) {
  Problems problems;
  auto map = Map::read_text(
      "hosts:\n  192.0.2.7: a\n  2001:db8::7:\n  b: [c]\n  wrong: d\n  wrong: e\nlist: [1]\n",
      "r.yaml", problems);
  std::vector<std::string> told;
  auto hosts = map.map("hosts");
  hosts.each([&](const std::string& key, const std::string& text) {
    tl::expected<void, std::string> done;
    if (key == "wrong") { done = tl::unexpected{std::string{"is wrong"}}; }
    told.push_back(key + '=' + text);
    return done;
  });
  hosts.done();
  EXPECT_THAT(told, ElementsAre("192.0.2.7=a", "2001:db8::7=", "wrong=d", "wrong=e"));
  EXPECT_THAT(problems,
              ElementsAre("r.yaml:4: hosts.b: one value is wanted here, not a list or map",
                          "r.yaml:5: hosts.wrong: is wrong", "r.yaml:6: hosts.wrong: is wrong",
                          "r.yaml:6: hosts.wrong: stands there twice"));
  EXPECT_TRUE(map.is_list("list"));
  EXPECT_FALSE(map.is_list("hosts"));
  EXPECT_FALSE(map.is_list("absent"));
}

TEST(ConfigMap, RecordsTheKeysThatAreAskedFor) {
  Problems problems;
  auto map = Map::read_text("outputs:\n  - a: 1\n  - b: 2\n", "r.yaml", problems);
  std::set<std::string> asked;
  map.record(asked);
  for (auto& output : map.maps("outputs")) { (void)output.map("batch").text("events"); }
  EXPECT_THAT(asked, ElementsAre("outputs", "outputs.batch", "outputs.batch.events"));
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
