#include "daemon/sqlite/damaged_file.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::sqlite {
namespace {

TEST(DamagedFile, GoesAsideWithItsJournalsAndOverwritesNothing) {
  const ScratchFile file;
  for (const auto* aside : {".damaged", ".damaged.2"}) {
    std::ofstream{file.path()} << aside;
    std::ofstream{file.path() + "-wal"} << "journal";
    const auto moved = set_aside(file.path());
    ASSERT_TRUE(moved.has_value()) << moved.error();
    EXPECT_EQ(*moved, file.path() + aside);
    std::string text;
    std::ifstream{*moved} >> text;
    EXPECT_EQ(text, aside);
    EXPECT_TRUE(std::filesystem::exists(*moved + "-wal"));
    EXPECT_FALSE(std::filesystem::exists(file.path()));
  }
}

}  // namespace
}  // namespace remora::sqlite
