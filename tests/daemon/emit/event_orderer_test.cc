#include "daemon/emit/event_orderer.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::emit {
namespace {

std::unique_ptr<v1::Event> event(const std::string& id) {
  auto made = std::make_unique<v1::Event>();
  made->set_event_id(id);
  return made;
}

Instant at(int second, std::uint64_t frame) {
  return {.time = Moment{std::chrono::seconds{second}}, .frame = FrameNumber{frame}};
}

std::string flushed(EventOrderer& orderer) {
  std::string ids;
  while (const auto next = orderer.next(true)) { ids += next->event_id(); }
  return ids;
}

TEST(EventOrderer, OrdersByTimeThenFrameThenArrival) {
  EventOrderer orderer;
  orderer.add(at(2, 9), event("d"));
  orderer.add(at(1, 5), event("b"));
  orderer.add(at(1, 5), event("c"));
  orderer.add(at(1, 4), event("a"));
  EXPECT_EQ(flushed(orderer), "abcd");
  EXPECT_EQ(orderer.held_bytes(), 0U);
}

TEST(EventOrderer, PutsWhatNoFrameShowsBehindTheFramesOfItsTime) {
  EventOrderer orderer;
  orderer.add(at(2, 8), event("d"));
  orderer.add(at(1, 0), event("b"));
  orderer.add(at(1, 0), event("c"));
  orderer.add(at(1, 7), event("a"));
  EXPECT_EQ(flushed(orderer), "abcd");
}

TEST(EventOrderer, HoldsEventsUntilItIsFlushed) {
  EventOrderer orderer;
  orderer.add(at(1, 1), event("a"));
  EXPECT_EQ(orderer.next(), nullptr);
}

TEST(EventOrderer, LetsTheEarliestGoWhenItHoldsTooMuch) {
  EventOrderer orderer{5000};
  orderer.add(at(3, 3), event("c"));
  orderer.add(at(1, 1), event("a"));
  orderer.add(at(2, 2), event("b"));
  const auto first = orderer.next();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->event_id(), "a");
  EXPECT_EQ(orderer.next(), nullptr);
}

}  // namespace
}  // namespace remora::emit
