#include "daemon/spool/file_lock.h"

#include <optional>

#include <gtest/gtest.h>

#include "tests/daemon/sqlite/scratch_file.h"

namespace remora::spool {
namespace {

TEST(FileLock, IsHeldByOneAtATime) {
  const sqlite::ScratchFile file;
  auto first = FileLock::take(file.path());
  ASSERT_TRUE(first.has_value());
  std::optional<FileLock> held{std::move(*first)};
  EXPECT_EQ(FileLock::take(file.path()).error(),
            file.path() + ": is held by another process; end it, or use another path");
  held.reset();
  EXPECT_TRUE(FileLock::take(file.path()).has_value());
}

TEST(FileLock, SaysWhyItCannotBeTaken) {
  EXPECT_EQ(FileLock::take("/nonexistent/spool.db.lock").error(),
            "/nonexistent/spool.db.lock: cannot be opened: No such file or directory; check that "
            "the folder exists and who may write there");
}

}  // namespace
}  // namespace remora::spool
