#include "daemon/outputs/file/birth.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::outputs::file {
namespace {

TEST(Birth, StaysWhatItIsWhenTheFileGrows) {
  const sqlite::ScratchFile file;
  std::ofstream{file.path()} << "a";
  const auto made = birth_of(file.path());
  if (!made.has_value()) { GTEST_SKIP() << "files here have no birth time"; }
  EXPECT_LE(*made, std::chrono::system_clock::now());
  EXPECT_GT(*made, std::chrono::system_clock::now() - std::chrono::hours{1});
  std::filesystem::last_write_time(
      file.path(), std::filesystem::file_time_type::clock::now() + std::chrono::hours{9});
  EXPECT_EQ(birth_of(file.path()), made);
}

TEST(Birth, IsNotKnownOfWhatIsNotThere) {
  const sqlite::ScratchFile file;
  EXPECT_FALSE(birth_of(file.path()).has_value());
}

}  // namespace
}  // namespace remora::outputs::file
