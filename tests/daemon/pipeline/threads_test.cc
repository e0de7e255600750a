// The same events in the same order, whatever the number of threads and the size of batches.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "capture/source/open_capture.h"
#include "daemon/emit/emitter.h"
#include "daemon/pipeline/engine.h"
#include "dissect/families.h"
#include "tests/support/replay.h"
#include "tests/support/scratch_folder.h"

namespace remora::pipeline {
namespace {

std::string events_of(const std::string& path, EngineSettings settings) {
  const auto source = capture::open_capture(path);
  if (!source.has_value()) { return {}; }
  if (settings.threads > 1) { settings.before_packets = (*source)->share_reading(); }
  const emit::Emitter emitter{{.name = "test", .version = "0", .source = "file"}};
  Engine engine{all_families(), settings};
  session::Events events;
  Frame frame;
  while ((*source)->next(frame) == capture::ReadStatus::kFrame) { engine.on_frame(frame, events); }
  engine.finish(events);
  std::string text;
  for (const auto& event : events) { text += emitter.to_event(event)->SerializeAsString() + '\n'; }
  return text;
}

TEST(Threads, ChangeNothing) {
  std::size_t with_events = 0;
  for (const auto& path : testing::bundled_captures()) {
    const auto alone = events_of(path, {});
    if (!alone.empty()) { ++with_events; }
    for (const std::size_t threads : {0U, 2U, 3U, 16U, 20U}) {
      for (const std::size_t batch : {1U, 7U, 4096U}) {
        EXPECT_EQ(events_of(path, {.threads = threads, .batch_frames = batch}), alone)
            << path << " with " << threads << " threads and batches of " << batch;
      }
    }
  }
  EXPECT_GT(with_events, 100U);
}

/// Behind each other, so that the file is read in many stretches.
std::string join_captures(const std::string& folder) {
  constexpr std::size_t kHeaderBytes = 24;
  std::string joined;
  for (const auto& path : testing::bundled_captures()) {
    std::ifstream file{path, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    if (bytes.size() < kHeaderBytes) { continue; }
    if (joined.empty() && path.ends_with("standard-low.pcap")) { joined = bytes; }
    // Those of the same byte order, times and link.
    if (!joined.empty() && joined.starts_with(bytes.substr(0, kHeaderBytes))) {
      joined += bytes.substr(kHeaderBytes);
    }
  }
  auto path = folder + "/joined.pcap";
  std::ofstream{path, std::ios::binary} << joined;
  return path;
}

TEST(Threads, ChangeNothingInALongFile) {
  const testing::ScratchFolder folder;
  const auto path = join_captures(folder.path());
  ASSERT_GT(std::filesystem::file_size(path), std::size_t{1} << 20U);
  const auto alone = events_of(path, {.batch_frames = 256});
  EXPECT_FALSE(alone.empty());
  for (const std::size_t threads : {2U, 3U, 5U}) {
    EXPECT_EQ(events_of(path, {.threads = threads, .batch_frames = 256}), alone);
  }
}

TEST(Threads, ChangeNothingWhereLimitsBite) {
  for (const auto* name :
       {"rdp/three-at-once.pcap", "tcp/port-reuse.pcap", "rdp/nego-retry.pcap"}) {
    capture::FlowLimits tight;
    tight.flows = 16;
    tight.out_of_order_bytes = 64;
    const auto alone = events_of(testing::bundled(name), {.limits = tight});
    for (const std::size_t threads : {2U, 5U}) {
      EXPECT_EQ(events_of(testing::bundled(name),
                          {.limits = tight, .threads = threads, .batch_frames = 64}),
                alone)
          << name;
    }
  }
}

}  // namespace
}  // namespace remora::pipeline
