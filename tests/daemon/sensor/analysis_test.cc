#include "daemon/sensor/analysis.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/replay.h"

namespace remora::sensor {
namespace {

internal::v1::SensorSettings settings() {
  internal::v1::SensorSettings settings;
  settings.set_sensor_name("tap");
  settings.set_threads(1);
  settings.set_memory_bytes(std::uint64_t{64} << 20U);
  settings.set_interim_ms(600'000);
  return settings;
}

std::vector<std::unique_ptr<v1::Event>> told(Analysis& analysis) {
  std::vector<std::unique_ptr<v1::Event>> events;
  analysis.tell(Analysis::Which::kAll,
                [&](std::unique_ptr<v1::Event> event) { events.push_back(std::move(event)); });
  return events;
}

TEST(SensorAnalysis, TellsEventsInOrderWithFramesNumberedFromOne) {
  Analysis analysis{settings(), "eth1", std::make_shared<const Context>()};
  const auto capture = testing::load_capture(testing::bundled("rdp/standard-low.pcap"));
  for (const auto& frame : capture.frames) {
    auto live = frame.view();
    live.at.frame = FrameNumber{};
    analysis.on_frame(live);
  }
  analysis.finish();
  const auto events = told(analysis);
  ASSERT_GE(events.size(), 3U);
  EXPECT_TRUE(events.front()->has_session_opened());
  EXPECT_EQ(events.front()->sensor().source(), "eth1");
  EXPECT_EQ(events.front()->sensor().name(), "tap");
  EXPECT_GT(events.front()->evidence(0).frame(), 0U);
  EXPECT_LE(events.front()->evidence(0).frame(), capture.frames.size());
  EXPECT_TRUE(events.back()->has_session_closed());
  EXPECT_TRUE(told(analysis).empty());
}

TEST(SensorAnalysis, ClosesWhatIsOpenWithSensorRestart) {
  Analysis analysis{settings(), "eth1", std::make_shared<const Context>()};
  const auto capture = testing::load_capture(testing::bundled("rdp/standard-low.pcap"));
  for (std::size_t index = 0; index < capture.frames.size() / 2; ++index) {
    analysis.on_frame(capture.frames[index].view());
  }
  analysis.finish();
  const auto events = told(analysis);
  ASSERT_FALSE(events.empty());
  ASSERT_TRUE(events.back()->has_session_closed());
  EXPECT_EQ(events.back()->session_closed().end_reason(), v1::Session::SENSOR_RESTART);
  EXPECT_EQ(events.back()->session_closed().session().end_reason(), v1::Session::SENSOR_RESTART);
}

TEST(SensorAnalysis, SaysHowItIs) {
  Analysis analysis{settings(), "eth1", std::make_shared<const Context>()};
  const Moment now{std::chrono::seconds{1'800'000'000}};
  emit::Health lost;
  lost.dropped_by_kernel = 5;
  lost.memory_bytes = 1000;
  const auto health = analysis.health(lost, now);
  EXPECT_EQ(health->sensor_health().packets(), 0U);
  EXPECT_EQ(health->sensor_health().memory_bytes(), 1000U);
  ASSERT_EQ(health->sensor_health().drops_size(), 1);
  EXPECT_EQ(health->sensor_health().drops(0).where(), "kernel");
  EXPECT_EQ(health->sensor_health().drops(0).count(), 5U);
  EXPECT_EQ(health->sensor_health().end().seconds(), 1'800'000'000);
}

}  // namespace
}  // namespace remora::sensor
