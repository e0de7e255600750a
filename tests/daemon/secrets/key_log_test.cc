#include "daemon/secrets/key_log.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/secrets/key_log_watch.h"
#include "daemon/secrets/key_logs.h"
#include "tests/support/scratch_folder.h"

namespace remora::secrets {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A line for another connection each.
std::string line(int number) {
  auto random = std::to_string(100 + number);
  random.resize(64, '0');
  return "CLIENT_RANDOM " + random + ' ' + std::string(96, 'a') + '\n';
}

class KeyLogTest : public ::testing::Test {
 protected:
  void write(const std::string& text, std::ios::openmode how = std::ios::app) {
    std::ofstream{path_, how} << text;
  }
  SecretFile open() { return SecretFile::open(path_.string()).value(); }
  KeyLog log() { return KeyLog{open()}; }

  testing::ScratchFolder folder_;
  std::filesystem::path path_{folder_.path() / "keys"};
  keys::TlsSecrets secrets_;
  std::vector<std::string> told_;
};

TEST_F(KeyLogTest, ReadsOnWhereItStopped) {
  write(line(1));
  auto log = this->log();
  EXPECT_TRUE(log.has_news());
  EXPECT_EQ(log.read(secrets_)->secrets, 1U);
  EXPECT_FALSE(log.has_news());
  EXPECT_EQ(log.read(secrets_)->secrets, 0U);
  write(line(2) + line(3));
  EXPECT_TRUE(log.has_news());
  EXPECT_EQ(log.read(secrets_)->secrets, 2U);
  EXPECT_EQ(secrets_.size(), 3U);
}

TEST_F(KeyLogTest, AnEmptyOneMayGrow) {
  write("");
  auto log = this->log();
  EXPECT_EQ(log.read(secrets_)->secrets, 0U);
  EXPECT_FALSE(log.has_news());
  write(line(1));
  EXPECT_EQ(log.read(secrets_)->secrets, 1U);
}

TEST_F(KeyLogTest, ALineCountsOnceItsEndIsThere) {
  const auto whole = line(1);
  write("");
  auto log = this->log();
  // Half of a secret would be one, and a wrong one.
  for (const char c : whole) {
    EXPECT_EQ(secrets_.size(), 0U);
    write(std::string(1, c));
    ASSERT_TRUE(log.read(secrets_).has_value());
  }
  EXPECT_EQ(secrets_.size(), 1U);
  EXPECT_EQ(secrets_.find(keys::TlsLabel::kMasterSecret, {std::byte{0x10}, std::byte{0x10}})
                ->bytes()
                .size(),
            48U);
}

TEST_F(KeyLogTest, AtTheEndTheLastLineNeedsNone) {
  write(line(1) + line(2).substr(0, line(2).size() - 1));
  auto log = this->log();
  EXPECT_EQ(log.read(secrets_)->secrets, 1U);
  EXPECT_EQ(log.read_to_end(secrets_)->secrets, 1U);
}

TEST_F(KeyLogTest, AFileThatWasCutShortIsReadAnew) {
  write(line(1) + line(2));
  auto log = this->log();
  ASSERT_TRUE(log.read(secrets_).has_value());
  write(line(3), std::ios::trunc);
  EXPECT_TRUE(log.has_news());
  const auto read = log.read(secrets_).value();
  EXPECT_TRUE(read.anew);
  EXPECT_EQ(read.secrets, 1U);
  EXPECT_EQ(secrets_.size(), 3U) << "what was read before counts on";
}

TEST_F(KeyLogTest, PassesOverALineWithoutAnEnd) {
  write(line(1) + std::string(1 << 20, 'x'));
  auto log = this->log();
  EXPECT_EQ(log.read(secrets_)->secrets, 1U);
  write(" CLIENT_RANDOM and more\n" + line(2));
  EXPECT_EQ(log.read(secrets_)->secrets, 1U);
}

TEST_F(KeyLogTest, OfAVeryLongOneTheLastLinesCount) {
  write(line(1));
  std::filesystem::resize_file(path_, KeyLog::kMaxAtOnce + (1U << 20U));  // with a hole
  write('\n' + line(2));
  auto log = this->log();
  const auto read = log.read(secrets_).value();
  EXPECT_TRUE(read.passed_over);
  EXPECT_EQ(read.secrets, 1U);
}

TEST_F(KeyLogTest, GoesOnWithTheFileThatTookTheName) {
  write(line(1));
  KeyLogs logs;
  KeyLogWatch watch;
  auto first = log();
  ASSERT_TRUE(first.read(secrets_).has_value());
  watch.watch(first.file());
  logs.follow(std::move(first));
  EXPECT_THAT(watch.replaced(told_), IsEmpty());

  const auto old = folder_.path() / "keys.1";
  std::filesystem::rename(path_, old);
  EXPECT_THAT(watch.replaced(told_), IsEmpty()) << "nobody has the name";
  std::ofstream{old, std::ios::app} << line(2);  // who had it open writes on
  write(line(3));
  auto found = watch.replaced(told_);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(watch.replaced(told_), IsEmpty());
  EXPECT_THAT(told_, IsEmpty());
  logs.go_on_with(std::move(found.front()), secrets_, told_);
  EXPECT_EQ(secrets_.size(), 3U);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("is another file now")));
  EXPECT_FALSE(logs.have_news());
  write(line(4));
  EXPECT_TRUE(logs.have_news());
  logs.read(secrets_, told_);
  EXPECT_EQ(secrets_.size(), 4U);
}

TEST_F(KeyLogTest, WhatCannotTakeThePlaceIsToldOnce) {
  write(line(1));
  KeyLogWatch watch;
  const auto followed = open();  // so that nothing else gets its number
  watch.watch(followed);
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_THAT(watch.replaced(told_), IsEmpty());
  EXPECT_THAT(watch.replaced(told_), IsEmpty());
  EXPECT_THAT(told_, ElementsAre(HasSubstr("is no file any more")));
  std::filesystem::remove(path_);
  write(line(2));
  EXPECT_EQ(watch.replaced(told_).size(), 1U);
}

}  // namespace
}  // namespace remora::secrets
