#include "dissect/smb/file_content.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/ticket_texts.h"

namespace remora::smb {
namespace {

const std::string kTicket = testing::xp_ticket();

class Content {
 public:
  Content& piece(std::uint64_t offset, std::string_view bytes) {
    content_.on_piece({.protocol = "SMB", .file_name = "a"}, nothing_given(), Side::kInitiator,
                      offset, as_bytes(bytes), {}, out_);
    return *this;
  }
  [[nodiscard]] std::size_t found() const { return out_.found().size(); }

  FileContent content_;
  Findings out_;
};

TEST(FileContent, PutsPiecesInOrder) {
  Content content;
  content.piece(300, kTicket.substr(300)).piece(100, kTicket.substr(100, 100));
  EXPECT_EQ(content.found(), 0U);
  content.piece(0, kTicket.substr(0, 120)).piece(200, kTicket.substr(200, 150));
  EXPECT_EQ(content.found(), 1U);
  EXPECT_EQ(content.content_.read_bytes(), kTicket.size());
  content.piece(0, kTicket);
  EXPECT_EQ(content.found(), 1U) << "read again";
}

TEST(FileContent, WantsNothingOfAFileThatIsNoTicket) {
  Content content;
  EXPECT_TRUE(content.content_.wants(0));
  EXPECT_FALSE(content.content_.wants(FileContent::kWindow));
  content.piece(0, "MZ");
  EXPECT_FALSE(content.content_.wants(0));
  EXPECT_FALSE(content.content_.wants(2));
}

TEST(FileContent, KeepsNoMoreThanItsWindow) {
  Content content;
  const std::string large(2 * FileContent::kWindow, 'x');
  content.piece(1, large);
  for (std::uint64_t offset = 3; offset < 1000; offset += 2) { content.piece(offset, "y"); }
  content.piece(0, "<");
  EXPECT_LE(content.content_.read_bytes(), FileContent::kWindow + 2);
}

}  // namespace
}  // namespace remora::smb
