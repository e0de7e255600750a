#include "daemon/emit/file_message.h"

#include <chrono>

#include <gtest/gtest.h>

namespace remora::emit {
namespace {

using std::chrono::seconds;

constexpr Moment kStart{seconds{1'700'000'000}};

TEST(FileMessage, LeavesOutWhatIsNotKnown) {
  v1::FileTransfer transfer;
  fill(session::FileTransfer{.start = kStart}, transfer);
  EXPECT_FALSE(transfer.has_size());
  EXPECT_FALSE(transfer.has_end());
  EXPECT_FALSE(transfer.has_status());
  EXPECT_EQ(transfer.sha256(), "");
  EXPECT_EQ(transfer.mechanism(), v1::FileTransfer::RA_FILE_TRANSFER);
  EXPECT_EQ(transfer.direction(), v1::FileTransfer::SERVER_TO_CLIENT);
}

TEST(FileMessage, TellsAFile) {
  v1::FileTransfer transfer;
  fill(session::FileTransfer{.start = kStart,
                             .end = kStart + seconds{2},
                             .result = session::FileResult::kCompleted,
                             .name = "a.txt",
                             .size = 5,
                             .to_server = true,
                             .mechanism = session::FileMechanism::kDrive,
                             .transferred = 5,
                             .sha256 = observation::Sha256{}},
       transfer);
  EXPECT_EQ(transfer.file_name(), "a.txt");
  EXPECT_EQ(transfer.result(), v1::FileTransfer::COMPLETED);
  EXPECT_EQ(transfer.direction(), v1::FileTransfer::CLIENT_TO_SERVER);
  EXPECT_EQ(transfer.mechanism(), v1::FileTransfer::DRIVE_REDIRECTION);
  EXPECT_EQ(transfer.transferred_bytes(), 5U);
  EXPECT_EQ(transfer.sha256().size(), 64U);
}

TEST(FileMessage, TellsWhatFailed) {
  v1::FileTransfer transfer;
  fill(session::FileTransfer{.start = kStart,
                             .result = session::FileResult::kFailed,
                             .mechanism = session::FileMechanism::kClipboard,
                             .status =
                                 observation::NamedCode{.code = 2, .name = "CB_RESPONSE_FAIL"}},
       transfer);
  EXPECT_EQ(transfer.result(), v1::FileTransfer::FAILED);
  EXPECT_EQ(transfer.mechanism(), v1::FileTransfer::CLIPBOARD);
  EXPECT_EQ(transfer.status().name(), "CB_RESPONSE_FAIL");
}

TEST(FileMessage, TellsOperations) {
  using What = session::FileOperation::What;
  v1::FileOperation renamed;
  fill(session::FileOperation{.what = What::kRenamed,
                              .name = "C:\\a",
                              .new_name = "C:\\b",
                              .mechanism = session::FileMechanism::kDrive},
       renamed);
  EXPECT_EQ(renamed.operation(), v1::FileOperation::RENAMED);
  EXPECT_EQ(renamed.file_name(), "C:\\a");
  EXPECT_EQ(renamed.new_file_name(), "C:\\b");
  EXPECT_EQ(renamed.direction(), v1::FileTransfer::DIRECTION_UNSPECIFIED);
  EXPECT_FALSE(renamed.has_status());
  v1::FileOperation refused;
  fill(session::FileOperation{.what = What::kRefused,
                              .name = "C:\\a",
                              .mechanism = session::FileMechanism::kDrive,
                              .to_server = false,
                              .status = observation::NamedCode{.code = 0xc0000022,
                                                               .name = "STATUS_ACCESS_DENIED"}},
       refused);
  EXPECT_EQ(refused.operation(), v1::FileOperation::REFUSED);
  EXPECT_EQ(refused.direction(), v1::FileTransfer::SERVER_TO_CLIENT);
  EXPECT_EQ(refused.status().code(), 0xc0000022U);
}

}  // namespace
}  // namespace remora::emit
