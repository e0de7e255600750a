#include "daemon/outputs/file/rotation.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::outputs::file {
namespace {

class RotationTest : public testing::Test {
 protected:
  void write(const std::string& suffix, const std::string& text) const {
    std::ofstream{file_.path() + suffix} << text;
  }
  [[nodiscard]] std::string read(const std::string& suffix) const {
    std::ifstream in{file_.path() + suffix};
    if (!in) { return "none"; }
    std::string text;
    in >> text;
    return text;
  }
  sqlite::ScratchFile file_;
};

TEST_F(RotationTest, MovesEachFileOnAndDropsTheLast) {
  for (const auto* text : {"a", "b", "c", "d"}) {
    write("", text);
    EXPECT_EQ(rotate(file_.path(), 2), "");
  }
  EXPECT_EQ(read(""), "none");
  EXPECT_EQ(read(".1"), "d");
  EXPECT_EQ(read(".2"), "c");
  EXPECT_EQ(read(".3"), "none");
}

TEST_F(RotationTest, FillsTheNumberThatACrashLeftFree) {
  write("", "new");
  write(".2", "old");
  EXPECT_EQ(rotate(file_.path(), 3), "");
  EXPECT_EQ(read(".1"), "new");
  EXPECT_EQ(read(".2"), "old");
}

TEST_F(RotationTest, KeepsNoneWhereNoneIsWanted) {
  write("", "gone");
  EXPECT_EQ(rotate(file_.path(), 0), "");
  EXPECT_EQ(read(""), "none");
  EXPECT_EQ(read(".1"), "none");
}

TEST_F(RotationTest, SaysWhatItCannotRemove) {
  write("", "new");
  for (const unsigned keep : {0U, 1U}) {
    const auto last = file_.path() + (keep == 0 ? "" : ".1");
    std::filesystem::remove(last);
    std::filesystem::create_directories(last + "/full");
    EXPECT_EQ(rotate(file_.path(), keep), last +
                                              ": cannot be removed: Directory not empty; check "
                                              "who may write in its folder");
    std::filesystem::remove_all(last);
    write("", "new");
  }
  EXPECT_EQ(read(""), "new");
}

}  // namespace
}  // namespace remora::outputs::file
