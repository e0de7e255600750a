#include "daemon/store/file_identity.h"

#include <fstream>

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
  EXPECT_EQ(identify_file(file.folder()), FileIdentity::kUnreadable);
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

}  // namespace
}  // namespace remora::store
