#include "daemon/secrets/secret_file.h"

#include <array>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace remora::secrets {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SecretFileTest : public ::testing::Test {
 protected:
  std::string file(const std::string& content, mode_t mode = 0600) {
    const auto path = folder_.path() / "secret";
    std::ofstream{path} << content;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }
  testing::ScratchFolder folder_;
};

TEST_F(SecretFileTest, ReadsWhatIsThere) {
  const auto opened = SecretFile::open(file("hunter2"));
  ASSERT_TRUE(opened.has_value()) << opened.error();
  EXPECT_EQ(opened->read(7).value().text(), "hunter2");
  EXPECT_FALSE(opened->is_open_to_others());
}

TEST_F(SecretFileTest, SaysWhatIsWrongAndNotWhatIsInIt) {
  const auto missing = SecretFile::open(folder_.path() / "none");
  ASSERT_FALSE(missing.has_value());
  EXPECT_THAT(missing.error(), HasSubstr("none: cannot be read"));
  const auto opened = SecretFile::open(file("hunter2"));
  const auto large = opened.value().read(6);
  ASSERT_FALSE(large.has_value());
  EXPECT_THAT(large.error(), HasSubstr("larger than"));
  EXPECT_THAT(large.error(), Not(HasSubstr("hunter")));
}

TEST_F(SecretFileTest, KnowsWhoElseMayReadIt) {
  EXPECT_TRUE(SecretFile::open(file("x", 0640)).value().is_open_to_others());
}

TEST_F(SecretFileTest, ReadsAPipeThatAnotherProcessOpened) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  ASSERT_EQ(write(ends[1], "abc", 3), 3);
  ASSERT_EQ(close(ends[1]), 0);
  const auto adopted = SecretFile::adopt(ends[0], "the pipe");
  EXPECT_EQ(adopted.read(100).value().text(), "abc");
  EXPECT_FALSE(adopted.is_open_to_others());
}

}  // namespace
}  // namespace remora::secrets
