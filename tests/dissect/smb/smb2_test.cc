#include "dissect/smb/smb2.h"

#include <gtest/gtest.h>

#include "tests/dissect/smb/messages.h"
#include "tests/support/damage.h"
#include "tests/support/laws.h"

namespace remora::smb {
namespace {

using testing::hex;

TEST(Smb2Header, TellsCommandAndDirection) {
  const auto header = decode(hex(smb2_setup("aa", true)), read_smb2_header);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->command, Smb2Command::kSessionSetup);
  EXPECT_TRUE(header->is_response);
  EXPECT_EQ(header->next_command, 0U);
  EXPECT_EQ(header->tree_id, 0U);
  EXPECT_EQ(header->session_id, 1U);
  EXPECT_FALSE(decode(hex("fe534d42 4100 0000"), read_smb2_header).has_value());
}

TEST(Smb2Header, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(hex(smb2(3, false, "")), read_smb2_header);
}

TEST(Smb2SessionSetup, HoldsABlob) {
  for (const bool response : {false, true}) {
    const auto bytes = hex(smb2_setup("aabbcc", response));
    const auto blob = smb2_security_blob(bytes, response);
    ASSERT_EQ(blob.size(), 3U);
    EXPECT_EQ(to_u8(blob[0]), 0xaa);
  }
}

TEST(Smb2TreeConnect, HoldsAPath) {
  EXPECT_EQ(smb2_tree_path(hex(smb2_tree(R"(\\srv\data)"))), R"(\\srv\data)");
}

TEST(Smb2Buffer, IsAbsentWhenItLiesOutside) {
  auto bytes = hex(smb2_tree(R"(\\srv\data)"));
  bytes[68] = std::byte{0xff};  // PathOffset
  EXPECT_EQ(smb2_tree_path(bytes), "");
  bytes[68] = std::byte{0x3f};  // inside the header
  EXPECT_EQ(smb2_tree_path(bytes), "");
}

TEST(Smb2, SurvivesDamage) {
  const auto check = [](const std::vector<std::byte>& bytes) {
    (void)smb2_tree_path(bytes);
    (void)smb2_security_blob(bytes, false);
    (void)smb2_security_blob(bytes, true);
  };
  const auto bytes = hex(smb2_tree(R"(\\srv\ab)"));
  testing::for_every_truncation(bytes, check);
  testing::for_every_changed_byte(bytes, check);
}

}  // namespace
}  // namespace remora::smb
