#include "daemon/delivery/route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::delivery {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Route, ReadsWhatAllOutputsHaveInCommon) {
  config::Problems problems;
  auto map = config::Map::read_text(
      "name: siem-1\nbatch: {events: 10, bytes: 64KiB, age: 5s}\nretry: {first: 1s, most: 1m}\n"
      "kinds: logon\n",
      "r.yaml", problems);
  const auto route = read_route(map);
  map.done();
  EXPECT_EQ(route.name, "siem-1");
  EXPECT_EQ(route.batch.events, 10U);
  EXPECT_EQ(route.batch.bytes, 65'536U);
  EXPECT_EQ(route.batch.age, milliseconds{5000});
  EXPECT_EQ(route.retry.first, milliseconds{1000});
  EXPECT_EQ(route.retry.most, milliseconds{60'000});
  EXPECT_FALSE(route.filter.takes({}) && route.filter.takes([] {
    v1::Event event;
    event.mutable_anomaly();
    return event;
  }()));
  EXPECT_THAT(problems, IsEmpty());
}

TEST(Route, RefusesWhatCannotBeMeant) {
  config::Problems problems;
  auto map = config::Map::read_text(
      "name: a b\nbatch: {events: 0, ages: 1s}\nretry: {first: 1m, most: 1s}\n", "r.yaml",
      problems);
  (void)read_route(map);
  map.done();
  EXPECT_THAT(
      problems,
      ElementsAre("r.yaml:1: name: letters, digits, '_', '-' and '.' are wanted, at most 64",
                  "r.yaml:2: batch.events: a whole number from 1 to 100000 is wanted",
                  "r.yaml:2: batch.ages: is not known; did you mean age?",
                  "r.yaml:3: retry.most: is less than the first pause"));
}

}  // namespace
}  // namespace remora::delivery
