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
  v1::FileTransfer transfer;
  fill(session::FileTransfer{.start = kStart}, transfer);
  EXPECT_FALSE(transfer.has_size());
  EXPECT_FALSE(transfer.has_end());
  EXPECT_EQ(transfer.sha256(), "");
  EXPECT_EQ(transfer.mechanism(), v1::FileTransfer::RA_FILE_TRANSFER);
  EXPECT_EQ(transfer.direction(), v1::FileTransfer::SERVER_TO_CLIENT);
}

TEST(AssistanceMessage, TellsAFile) {
  v1::FileTransfer transfer;
  fill(session::FileTransfer{.start = kStart,
                             .end = kStart + seconds{2},
                             .result = session::FileResult::kCompleted,
                             .name = "a.txt",
                             .size = 5,
                             .to_server = true,
                             .transferred = 5,
                             .sha256 = observation::Sha256{}},
       transfer);
  EXPECT_EQ(transfer.file_name(), "a.txt");
  EXPECT_EQ(transfer.result(), v1::FileTransfer::COMPLETED);
  EXPECT_EQ(transfer.direction(), v1::FileTransfer::CLIENT_TO_SERVER);
  EXPECT_EQ(transfer.sha256().size(), 64U);
}

}  // namespace
}  // namespace remora::emit
