// Secrets of TLS that come while the capture is read: the same events as of a log that was
// complete, whenever they come and whatever the number of threads; where they never come, the same
// as of a log that does not have them.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/emit/emitter.h"
#include "daemon/emit/event_orderer.h"
#include "daemon/outputs/json_lines.h"
#include "daemon/pipeline/engine.h"
#include "daemon/pipeline/waiting_flows.h"
#include "dissect/families.h"
#include "tests/support/replay.h"

namespace remora::pipeline {
namespace {

std::string text_of(const std::string& path) {
  const auto bytes = testing::file_bytes(path);
  return std::string{as_text(bytes)};
}

/// In a recording's folder.
struct Recording {
  explicit Recording(const std::string& name)
      : capture{testing::load_capture(testing::bundled("lab/" + name + "/capture.pcap"))},
        log{text_of(testing::bundled("lab/" + name + "/tls.keylog"))} {}
  testing::LoadedCapture capture;
  std::string log;
};

struct Play {
  std::optional<std::size_t> keys_after;  ///< so many frames; absent: never
  bool grows{true};
  std::size_t threads{1};
  std::size_t batch_frames{1};
  std::string others{};  ///< a log for other connections, from the start
};

/// What a session had moved so far when an event was told: that of one that waited for a key is
/// told later. The last event of a session has the whole in any case.
std::string without_counters(const std::string& event) {
  static const std::regex counters{R"("totals":\{[^}]*\},?)"};
  return event.find("\"session_closed\"") == std::string::npos
             ? std::regex_replace(event, counters, "")
             : event;
}

/// In the order in which they are written.
std::string events_of(const Recording& recording, const Play& play) {
  Context context;
  context.keys.tls().add_key_log(play.others);
  if (play.grows) { context.keys.tls().expect_more(); }
  EngineSettings settings{.threads = play.threads, .batch_frames = play.batch_frames};
  settings.context = &context;
  Engine engine{all_families(), settings};
  session::Events events;
  const auto learn = [&](std::size_t frames) {
    if (play.keys_after != frames) { return; }
    engine.on_keys([&] { context.keys.tls().add_key_log(recording.log); }, events);
  };
  std::size_t frames = 0;
  for (const auto& frame : recording.capture.frames) {
    learn(frames++);
    engine.on_frame(frame.view(), events);
  }
  learn(frames);
  engine.finish(events);
  const emit::Emitter emitter{{.name = "test", .version = "0", .source = "file"}};
  emit::EventOrderer orderer;
  for (const auto& event : events) {
    orderer.add(session::time_of(event), emitter.to_event(event));
  }
  std::string text;
  while (const auto event = orderer.next(true)) {
    text += without_counters(outputs::to_json_line(*event)) + '\n';
  }
  return text;
}

class GrowingKeys : public ::testing::TestWithParam<const char*> {};

TEST_P(GrowingKeys, TellTheSameWheneverTheyCome) {
  const Recording recording{GetParam()};
  const auto count = recording.capture.frames.size();
  ASSERT_GT(count, 20U);
  const auto complete = events_of(recording, {.keys_after = 0, .grows = false});
  ASSERT_NE(complete.find("DECRYPTED"), std::string::npos);
  // Longer no secret is waited for.
  const auto last = recording.capture.frames.front().frame.at.time + std::chrono::seconds{4};
  std::size_t tried = 0;
  for (std::size_t late = 0; late < count; late += 1 + count / 40) {
    if (recording.capture.frames[late].frame.at.time > last) { break; }
    EXPECT_EQ(events_of(recording, {.keys_after = late}), complete)
        << "after " << late << " frames";
    ++tried;
  }
  EXPECT_GT(tried, 10U);
}

TEST_P(GrowingKeys, TellTheSameWithAnyNumberOfThreads) {
  const Recording recording{GetParam()};
  for (const std::size_t late : {0U, 20U, 40U}) {
    const auto alone = events_of(recording, {.keys_after = late});
    for (const std::size_t threads : {2U, 3U, 16U}) {
      for (const std::size_t batch : {1U, 7U, 1024U}) {
        EXPECT_EQ(
            events_of(recording, {.keys_after = late, .threads = threads, .batch_frames = batch}),
            alone)
            << late << " frames, " << threads << " threads, batches of " << batch;
      }
    }
  }
}

TEST_P(GrowingKeys, ThatNeverComeAreNotMissed) {
  const Recording recording{GetParam()};
  const std::string other =
      std::string{"CLIENT_RANDOM "} + std::string(64, '7') + ' ' + std::string(96, '7') + '\n';
  const auto still = events_of(recording, {.keys_after = {}, .grows = false, .others = other});
  EXPECT_EQ(events_of(recording, {.keys_after = {}, .others = other}), still);
  EXPECT_EQ(still.find("DECRYPTED"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Recordings, GrowingKeys,
                         ::testing::Values("tls12", "tls13", "nla", "drive-tls", "ra-tls"));

TEST(WaitingFlows, HaveRoomInAll) {
  WaitingFlows waiting;
  const Conversation::Held session{
      .bytes = WaitingFlows::kMaxBytes / 2 + 1, .what = HeldBack::kSession, .waits = true};
  auto stranger = session;
  stranger.what = HeldBack::kAnything;
  EXPECT_FALSE(waiting.note({.id = 1, .key = {}, .tunnels = {}}, stranger));
  waiting.forget(1);
  EXPECT_TRUE(waiting.note({.id = 1, .key = {}, .tunnels = {}}, session));
  EXPECT_FALSE(waiting.note({.id = 2, .key = {}, .tunnels = {}}, session));
  waiting.forget(2);
  EXPECT_EQ(waiting.all().size(), 1U);
  // What holds back nothing any more makes room.
  EXPECT_TRUE(waiting.note({.id = 1, .key = {}, .tunnels = {}}, {}));
  EXPECT_TRUE(waiting.empty());
  EXPECT_TRUE(waiting.note({.id = 2, .key = {}, .tunnels = {}}, session));
}

}  // namespace
}  // namespace remora::pipeline
