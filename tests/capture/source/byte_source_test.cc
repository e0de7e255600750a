#include "capture/source/byte_source.h"

#include <array>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/capture/source/reading.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

TEST(FileBytes, ReadsAFileToItsEnd) {
  const testing::TemporaryDirectory directory;
  const auto path = directory.write("file", testing::hex("010203"));
  FileBytes file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  std::array<std::byte, 2> into{};
  EXPECT_EQ(file.read(into), 2U);
  EXPECT_EQ(file.read(into), 1U);
  EXPECT_EQ(file.read(into), 0U);
}

TEST(FileBytes, GivesWhatAPipeHoldsWithoutWaitingForMore) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  FileBytes pipe{ends[0]};
  ASSERT_EQ(::write(ends[1], "abc", 3), 3);
  std::array<std::byte, 100> into{};
  EXPECT_EQ(pipe.read(into), 3U);
  ::close(ends[1]);
  EXPECT_EQ(pipe.read(into), 0U);
}

TEST(FileBytes, OnlyAPlainFileNeverWaits) {
  const testing::TemporaryDirectory directory;
  const auto path = directory.write("file", testing::hex("010203"));
  const FileBytes file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  EXPECT_FALSE(file.may_wait());
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const FileBytes pipe{ends[0]};
  const FileBytes other_end{ends[1]};
  EXPECT_TRUE(pipe.may_wait());
}

TEST(FileBytes, SaysWhyReadingFailed) {
  FileBytes directory{::open("/", O_RDONLY | O_CLOEXEC | O_DIRECTORY)};
  std::array<std::byte, 1> into{};
  const auto count = directory.read(into);
  ASSERT_FALSE(count.has_value());
  EXPECT_EQ(count.error().reason, "reading failed: Is a directory");
  EXPECT_FALSE(count.error().ended_early);
}

}  // namespace
}  // namespace remora::capture
