#include "daemon/pipeline/engine.h"

#include <variant>

#include <gtest/gtest.h>

#include "dissect/families.h"
#include "tests/support/replay.h"
#include "tests/support/session_events.h"

namespace remora::pipeline {
namespace {

using testing::bundled;

std::vector<testing::OwnedFrame> read_frames(const std::string& path) {
  return testing::load_capture(path).frames;
}

std::vector<session::SessionEvent> run_engine(const std::vector<testing::OwnedFrame>& frames) {
  Engine engine{all_families(), {}};
  session::Events events;
  for (const auto& frame : frames) { engine.on_frame(frame.view(), events); }
  engine.finish(events);
  std::vector<session::SessionEvent> told;
  testing::take_sessions(events, told);
  return told;
}

TEST(Engine, TellsASessionFromItsFirstPacketToItsLast) {
  const auto events = run_engine(read_frames(bundled("rdp/standard-low.pcap")));
  ASSERT_FALSE(events.empty());
  EXPECT_TRUE(std::holds_alternative<session::Opened>(events.front().what));
  EXPECT_TRUE(std::holds_alternative<session::Closed>(events.back().what));
  EXPECT_EQ(events.back().session.outcome, session::Outcome::kEstablished);
}

TEST(Engine, SaysNothingOfOtherTraffic) {
  for (const auto* name : {"http", "dns", "ssh", "tls-443", "s7comm", "iso-tsap", "http-on-3389"}) {
    const auto frames = read_frames(bundled(std::string{"background/"} + name + ".pcap"));
    ASSERT_FALSE(frames.empty()) << name;
    EXPECT_TRUE(run_engine(frames).empty()) << name;
  }
}

TEST(Engine, CountsWhatItCannotFollow) {
  const auto frames = read_frames(bundled("damaged/unknown-link.pcap"));
  ASSERT_FALSE(frames.empty());
  Engine engine{all_families(), {}};
  session::Events events;
  for (const auto& frame : frames) { engine.on_frame(frame.view(), events); }
  EXPECT_EQ(engine.counts().frames, frames.size());
  EXPECT_EQ(engine.drops().at("unsupported_link"), frames.size());
}

TEST(Engine, ReportsALongSessionAtEachInterval) {
  const auto frames = read_frames(bundled("rdp/disconnected-by-other.pcap"));
  Engine often{all_families(), {.limits = {}, .interim_interval = std::chrono::seconds{5}}};
  session::Events events;
  for (const auto& frame : frames) { often.on_frame(frame.view(), events); }
  std::vector<session::SessionEvent> told;
  testing::take_sessions(events, told);
  std::size_t interim = 0;
  for (const auto& event : told) {
    if (!event.evidence.empty() && event.evidence.front().rule == "session.interim") { ++interim; }
  }
  EXPECT_GE(interim, 1U);
}

TEST(Engine, TimeAloneEndsWhatFellSilent) {
  const auto frames = read_frames(bundled("rdp/standard-low.pcap"));
  Engine engine{all_families(), {}};
  session::Events events;
  // Not to its end: the connection stays open.
  for (std::size_t index = 0; index < frames.size() / 2; ++index) {
    engine.on_frame(frames[index].view(), events);
  }
  engine.on_time(engine.counts().last + std::chrono::minutes{30}, events);
  EXPECT_EQ(engine.tracker().open_sessions(), 1U);
  // Steps of an hour are believed.
  for (int hour = 0; hour < 30; ++hour) {
    engine.on_time(engine.counts().last + std::chrono::minutes{59}, events);
  }
  EXPECT_EQ(engine.tracker().open_sessions(), 0U);
  std::vector<session::SessionEvent> told;
  testing::take_sessions(events, told);
  ASSERT_FALSE(told.empty());
  EXPECT_TRUE(std::holds_alternative<session::Closed>(told.back().what));
  EXPECT_EQ(told.back().session.end_reason, session::EndReason::kTimeout);
}

TEST(Engine, TimeThatIsToldChangesNothingOfATraffic) {
  const auto frames = read_frames(bundled("rdp/standard-low.pcap"));
  const auto alone = run_engine(frames);
  for (const std::size_t threads : {std::size_t{1}, std::size_t{2}}) {
    Engine engine{all_families(), {.threads = threads, .batch_frames = 64}};
    session::Events events;
    for (const auto& frame : frames) {
      engine.on_frame(frame.view(), events);
      engine.on_time(frame.view().at.time - std::chrono::seconds{1}, events);
    }
    engine.finish(events);
    std::vector<session::SessionEvent> told;
    testing::take_sessions(events, told);
    ASSERT_EQ(told.size(), alone.size());
    for (std::size_t index = 0; index < told.size(); ++index) {
      EXPECT_EQ(told[index].at, alone[index].at);
      EXPECT_EQ(told[index].what.index(), alone[index].what.index());
    }
  }
}

}  // namespace
}  // namespace remora::pipeline
