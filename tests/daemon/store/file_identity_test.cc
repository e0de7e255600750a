#include "daemon/store/file_identity.h"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/store/made_events.h"

namespace remora::store {
namespace {

TEST(FileIdentity, KnowsNothingStoresAndStrangers) {
  const ScratchFile file;
  EXPECT_EQ(identify_file(file.path()), FileIdentity::kNothing);
  std::ofstream{file.path()}.flush();
  EXPECT_EQ(identify_file(file.path()), FileIdentity::kNothing);
  std::ofstream{file.path()} << "my notes";
  EXPECT_EQ(identify_file(file.path()), FileIdentity::kStranger);
}

TEST(FileIdentity, KnowsAStoreFromItsFirstByte) {
  const ScratchFile file;
  const auto store = open_store(file.path());
  EXPECT_EQ(identify_file(file.path()), FileIdentity::kStore);
}

TEST(FileIdentity, TakesNoOtherDatabaseForAStore) {
  const ScratchFile file;
  ASSERT_TRUE(sqlite::Database::open(file.path())->execute("CREATE TABLE t(a)").has_value());
  EXPECT_EQ(identify_file(file.path()), FileIdentity::kStranger);
}

/// Whether this process has a lock on the file, asked by another: nobody sees their own.
bool is_locked(const std::string& path) {
  const pid_t other = ::fork();
  if (other == 0) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    const bool asked = file >= 0 && ::fcntl(file, F_GETLK, &lock) == 0;
    ::_exit(asked && lock.l_type != F_UNLCK ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(other, &status, 0), other);
  return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

TEST(FileIdentity, LeavesTheLocksOfThisProcessAlone) {
  const ScratchFile file;
  auto store = open_store(file.path());
  add(store, {opened("s1", 1)});
  ASSERT_TRUE(is_locked(file.path()));
  EXPECT_EQ(identify_file(file.path()), FileIdentity::kStore);
  EXPECT_TRUE(is_locked(file.path()));
  const auto second = Store::open(file.path(), {});
  EXPECT_TRUE(second.has_value());
  EXPECT_TRUE(is_locked(file.path()));
}

TEST(FileIdentity, MakesNothingBesideAStranger) {
  const ScratchFile file;
  {
    auto stranger = std::move(*sqlite::Database::open(file.path()));
    ASSERT_TRUE(stranger.execute("PRAGMA journal_mode = WAL; CREATE TABLE t(a)").has_value());
  }
  const auto names = [&] {
    return std::distance(std::filesystem::directory_iterator{file.folder()},
                         std::filesystem::directory_iterator{});
  };
  ASSERT_EQ(names(), 1);
  EXPECT_EQ(identify_file(file.path()), FileIdentity::kStranger);
  EXPECT_EQ(names(), 1);
}

TEST(FileIdentity, SaysWhatIsNoFile) {
  const ScratchFile file;
  const std::string pipe = file.folder() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& path : {pipe, file.folder().string(), std::string{"/dev/null"}}) {
    const auto identity = identify_file(path);
    ASSERT_FALSE(identity.has_value()) << path;
    EXPECT_EQ(identity.error(), path + ": is a folder, a pipe or the like; name a file");
  }
  const auto below = identify_file(pipe + "/store.db");
  ASSERT_FALSE(below.has_value());
  EXPECT_THAT(below.error(), ::testing::HasSubstr("cannot be read: Not a directory"));
}

}  // namespace
}  // namespace remora::store
