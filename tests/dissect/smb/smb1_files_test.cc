#include "dissect/smb/smb1_files.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/smb/file_messages.h"

namespace remora::smb {
namespace {

/// The first command of a message; `text` outlives it.
[[nodiscard]] Smb1Block first_block(const std::string& text) {
  const auto header = decode(as_bytes(text), read_smb1_header);
  const auto blocks = read_smb1_blocks(as_bytes(text), *header);
  return blocks.empty() ? Smb1Block{} : blocks.front();
}

TEST(Smb1Files, TellPlacesBeyondFourGigabytes) {
  const auto read =
      message1(0x2e, 1, false, kNoChain + Laid{}.n(7, 2).n(5, 4).zeros(10).n(2, 4).bytes());
  const auto request = read_smb1_read_request(first_block(read));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->fid, 7);
  EXPECT_EQ(request->offset, 0x200000005U);
  const auto write =
      message1(0x2f, 1, false,
               kNoChain + Laid{}.n(7, 2).n(5, 4).zeros(8).n(1, 2).n(3, 2).n(64, 2).n(2, 4).bytes());
  const auto data = read_smb1_data(first_block(write), false);
  EXPECT_EQ(data->file_offset, 0x200000005U);
  EXPECT_EQ(data->length, 0x10003U);
}

TEST(Smb1Files, TellNamesWithoutUnicode) {
  const auto text =
      message1(0x07, 1, false, std::string(2, '\0'), std::string("\4\\a\0\4\\b\0", 8));
  const auto names = read_smb1_names(first_block(text), false);
  ASSERT_TRUE(names.has_value());
  EXPECT_EQ(names->name, "\\a");
  EXPECT_EQ(names->new_name, "\\b");
}

TEST(Smb1Files, AreNoneWithOtherWords) {
  for (const int number : {0x02, 0x06, 0x07, 0x0a, 0x0b, 0x2d, 0x2e, 0x2f, 0x32, 0xa2}) {
    const auto command = static_cast<std::uint8_t>(number);
    const auto text = message1(command, 1, false, kNoChain + std::string(2, '\0'), "x");
    const auto block = first_block(text);
    EXPECT_FALSE(read_smb1_open_request(block, true).has_value());
    EXPECT_FALSE(read_smb1_open_response(block).has_value());
    EXPECT_FALSE(read_smb1_read_request(block).has_value());
    EXPECT_FALSE(read_smb1_data(block, true).has_value());
    EXPECT_FALSE(read_smb1_data(block, false).has_value());
    EXPECT_FALSE(read_smb1_names(block, true).has_value());
    EXPECT_FALSE(read_smb1_set_file(block, as_bytes(text)).has_value());
  }
}

}  // namespace
}  // namespace remora::smb
