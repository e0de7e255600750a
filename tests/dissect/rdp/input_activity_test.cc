#include "dissect/rdp/input_activity.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace remora::rdp {
namespace {

Instant at(int milliseconds, std::uint64_t frame) {
  return {.time = Moment{std::chrono::milliseconds{milliseconds}}, .frame = FrameNumber{frame}};
}

std::string told(const Findings& out) {
  std::string text;
  for (const auto& finding : out.found()) {
    const auto& seen = std::get<observation::InputSeen>(finding.what);
    text += std::to_string(to_number(finding.at.frame)) + ":" + std::to_string(seen.keys) + "/" +
            std::to_string(seen.pointer) +
            (finding.certainty == Certainty::kDecrypted ? "d " : " ");
  }
  return text;
}

TEST(InputActivity, TellsOnceASecond) {
  InputActivity activity;
  Findings out;
  activity.on_input({.keys = 1}, Side::kInitiator, at(100, 1), out);
  activity.on_input({.keys = 2}, Side::kInitiator, at(200, 2), out);
  activity.on_input({}, Side::kInitiator, at(1100, 3), out);
  activity.on_input({.pointer = 4}, Side::kInitiator, at(999, 4), out);
  EXPECT_EQ(told(out), "1:1/0 ");
  activity.on_input({.pointer = 1}, Side::kInitiator, at(1200, 5), out);
  activity.on_input({.pointer = 1}, Side::kInitiator, at(1300, 6), out);
  EXPECT_EQ(told(out), "1:1/0 5:2/5 ");
  activity.on_end(out);
  activity.on_end(out);
  EXPECT_EQ(told(out), "1:1/0 5:2/5 6:0/1 ");
}

TEST(InputActivity, SaysHowItIsKnown) {
  InputActivity activity;
  Findings out;
  out.set_certainty(Certainty::kDecrypted);
  activity.on_input({.keys = 1}, Side::kInitiator, at(0, 1), out);
  activity.on_input({.keys = 1}, Side::kInitiator, at(1, 2), out);
  out.set_certainty(Certainty::kObserved);
  activity.on_end(out);
  EXPECT_EQ(told(out), "1:1/0d 2:1/0d ");
  EXPECT_EQ(out.certainty(), Certainty::kObserved);
}

}  // namespace
}  // namespace remora::rdp
