#include "dissect/smb/asked.h"

#include <gtest/gtest.h>

namespace remora::smb {
namespace {

TEST(AskedTable, GivesEachAnswerItsRequest) {
  AskedTable asked;
  asked.ask(5, {.kind = Asked::Kind::kRead, .file_offset = 1});
  asked.ask(4, {.kind = Asked::Kind::kRead, .file_offset = 2});
  asked.ask(5, {.kind = Asked::Kind::kRead, .file_offset = 3});
  EXPECT_EQ(asked.take(5)->file_offset, 3U);
  EXPECT_FALSE(asked.take(5).has_value());
  EXPECT_EQ(asked.take(4)->file_offset, 2U);
  EXPECT_TRUE(asked.empty());
}

TEST(AskedTable, ForgetsTheOldest) {
  AskedTable asked;
  for (std::uint64_t id = 0; id <= AskedTable::kMaxWaiting; ++id) { asked.ask(1000 - id, {}); }
  EXPECT_FALSE(asked.take(1000).has_value());
  EXPECT_TRUE(asked.take(999).has_value());
}

}  // namespace
}  // namespace remora::smb
