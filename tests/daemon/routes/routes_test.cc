#include "daemon/routes/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::routes {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Routes, AreTheSpoolAndTheOutputs) {
  config::Problems problems;
  auto map = config::Map::read_text(
      "spool: {path: s.db, max_bytes: 2MiB, overflow: give_up_least}\ndrain: 5s\n"
      "outputs:\n"
      "  - {name: a, type: file, path: a.jsonl}\n"
      "  - {name: b, type: file, path: b.jsonl, batch: {events: 7}}\n",
      "r.yaml", problems);
  const auto routes = read_routes(map, spool::Overflow::kWait);
  map.done();
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(routes.spool.path, "s.db");
  EXPECT_EQ(routes.spool.max_bytes, 2U << 20U);
  EXPECT_EQ(routes.spool.overflow, spool::Overflow::kGiveUpLeast);
  EXPECT_THAT(routes.spool.outputs, ElementsAre("a", "b"));
  EXPECT_EQ(routes.drain, seconds{5});
  ASSERT_EQ(routes.destinations.size(), 2U);
  EXPECT_EQ(routes.destinations[1].route.batch.events, 7U);
  EXPECT_NE(routes.destinations[1].output, nullptr);
}

TEST(Routes, HaveDefaults) {
  config::Problems problems;
  auto map = config::Map::read_text("outputs: [{name: a, type: file, path: a.jsonl}]\n", "r.yaml",
                                    problems);
  const auto routes = read_routes(map, spool::Overflow::kWait);
  EXPECT_EQ(routes.spool.path, "/var/lib/remora/spool.db");
  EXPECT_EQ(routes.spool.overflow, spool::Overflow::kWait);
  EXPECT_EQ(routes.drain, seconds{30});
  EXPECT_THAT(problems, IsEmpty());
}

TEST(Routes, SayAllThatIsWrong) {
  config::Problems problems;
  auto map = config::Map::read_text(
      "spool: {size: 1GiB, max_bytes: 10KiB}\n"
      "outputs:\n"
      "  - {name: a, type: file, path: a.jsonl}\n"
      "  - {name: a, type: file, paths: b.jsonl}\n",
      "r.yaml", problems);
  (void)read_routes(map, spool::Overflow::kWait);
  auto empty = config::Map::read_text("outputs: []\n", "r.yaml", problems);
  (void)read_routes(empty, spool::Overflow::kWait);
  EXPECT_THAT(
      problems,
      ElementsAre("r.yaml:1: spool.max_bytes: 1MiB at least is wanted",
                  "r.yaml:1: spool.size: is not known", "r.yaml:4: outputs[1].path: is missing",
                  "r.yaml:4: outputs[1].paths: is not known; did you mean path?",
                  "r.yaml:4: outputs[1].name: is another output's name too",
                  "r.yaml:1: outputs: no output is configured; docs/outputs.md has "
                  "examples"));
}

}  // namespace
}  // namespace remora::routes
