#include "dissect/clipboard/file_list.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/clipboard/messages.h"

namespace remora::clipboard {
namespace {

using testing::operator+;
using testing::Bytes;
using testing::descriptor;
using testing::u32;

void fill(FileList& list, const Bytes& bytes, std::size_t piece) {
  list.begin(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    list.add(ByteView{bytes}.subspan(at, std::min(piece, bytes.size() - at)));
  }
}

TEST(FileList, IsReadAsItComes) {
  const auto bytes = u32(2) + descriptor("a.txt", 10) + descriptor("dir\\b.txt", 20);
  for (const std::size_t piece : {1U, 3U, 591U, 592U, 593U, 5000U}) {
    FileList list{1};
    fill(list, bytes, piece);
    EXPECT_EQ(list.file(0)->about.name, "a.txt");
    EXPECT_EQ(list.file(1)->about.name, "dir\\b.txt");
    EXPECT_EQ(list.file(1)->about.size, 20U);
    EXPECT_EQ(list.file(2)->about.name, "");
  }
}

TEST(FileList, IsNoneWhereItsSizeIsAnother) {
  FileList list{1};
  fill(list, u32(3) + descriptor("a.txt", 10), 5000);
  EXPECT_EQ(list.file(0)->about.name, "");
}

TEST(FileList, HasLimits) {
  auto bytes = u32(FileList::kMaxFiles + 10);
  const auto one = descriptor(std::string(255, 'x'), 1);
  for (std::size_t i = 0; i < FileList::kMaxFiles + 10; ++i) { bytes = std::move(bytes) + one; }
  FileList list{1};
  fill(list, bytes, 4096);
  EXPECT_EQ(list.file(0)->about.name.size(), 255U);
  EXPECT_EQ(list.file(FileList::kMaxFiles - 1)->about.name, "");
  EXPECT_EQ(list.file(FileList::kMaxFiles - 1)->about.size, 1U);
  EXPECT_EQ(list.file(FileList::kMaxFiles), nullptr);
  EXPECT_EQ(list.file(0xffffffff), nullptr);
}

TEST(FileList, IsLocked) {
  FileList list{1};
  for (std::uint32_t id = 0; id < 20; ++id) { list.lock(id); }
  EXPECT_TRUE(list.locked_by(19));
  EXPECT_FALSE(list.locked_by(0));
  for (std::uint32_t id = 0; id < 20; ++id) { list.unlock(id); }
  EXPECT_FALSE(list.locked());
}

}  // namespace
}  // namespace remora::clipboard
