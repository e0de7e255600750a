#include "daemon/emit/assistance_message.h"

#include <chrono>

#include <gtest/gtest.h>

namespace remora::emit {
namespace {

using std::chrono::seconds;

constexpr Moment kStart{seconds{1'700'000'000}};

TEST(AssistanceMessage, TellsControl) {
  v1::ControlStarted started;
  fill(session::ControlStarted{.start = kStart, .by = "Ada Amsel"}, started);
  EXPECT_EQ(started.by(), "Ada Amsel");
  EXPECT_EQ(started.role(), v1::ControlParty::EXPERT);
  v1::ControlEnded ended;
  fill(session::ControlEnded{.start = kStart,
                             .end = kStart + seconds{9},
                             .by = "Nora Nest",
                             .role = session::ControlRole::kNovice},
       ended);
  EXPECT_EQ(ended.duration().seconds(), 9);
  EXPECT_EQ(ended.role(), v1::ControlParty::NOVICE);
}

TEST(AssistanceMessage, LeavesOutWhatIsNotKnown) {
  v1::ControlEnded ended;
  fill(session::ControlEnded{.start = kStart, .end = kStart, .by = {}, .role = {}}, ended);
  EXPECT_EQ(ended.role(), v1::ControlParty::ROLE_UNSPECIFIED);
}

}  // namespace
}  // namespace remora::emit
