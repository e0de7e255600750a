#include "dissect/drives/open_files.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/shared_file_words.h"

namespace remora::drives {
namespace {

class Opened : public ::testing::Test {
 protected:
  Telling telling() { return {.server = Side::kAcceptor, .at = {}, .out = out_, .last_id = id_}; }
  OpenFile& open(std::uint32_t id, const std::string& name) {
    return files_.add({1, id, name}, "test", telling());
  }
  OpenFiles files_;
  Findings out_;
  std::uint64_t id_{0};
};

TEST_F(Opened, AreForgottenWhereTheyAreTooMany) {
  open(1, "moves").on_read(0, as_bytes("abc"), true, telling());
  for (std::uint32_t id = 2; id <= OpenFiles::kMaxOpen; ++id) { open(id, "still"); }
  EXPECT_NE(files_.find(1, 2), nullptr);
  open(9999, "one more");
  EXPECT_NE(files_.find(1, 1), nullptr);
  EXPECT_EQ(files_.find(1, 2), nullptr);
  EXPECT_EQ(testing::words_of(out_.found()), "<- started 1 moves 0\n<- progress 1 moves 3\n");
}

TEST_F(Opened, EndWhereTheirIdIsUsedAgain) {
  open(1, "first").on_read(0, as_bytes("abc"), true, telling());
  open(1, "second");
  EXPECT_EQ(testing::words_of(out_.found()),
            "<- started 1 first 0\n<- progress 1 first 3\n<- ended 1 first 3 lost cut_off\n");
  EXPECT_EQ(files_.find(1, 1)->name(), "second");
}

TEST_F(Opened, RememberSizesForOtherHandles) {
  files_.note_size("a", 10);
  files_.note_size("a", 11);
  EXPECT_EQ(files_.size_of("a"), 11U);
  for (std::size_t i = 0; i < OpenFiles::kMaxSizes; ++i) {
    files_.note_size("b" + std::to_string(i), i);
  }
  EXPECT_FALSE(files_.size_of("a").has_value());
  files_.forget_size("b5");
  EXPECT_FALSE(files_.size_of("b5").has_value());
}

}  // namespace
}  // namespace remora::drives
