#include "dissect/mime/header_reader.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace remora::mime {
namespace {

struct Read {
  HeaderReader reader;
  std::size_t used{0};
};

[[nodiscard]] Read read(std::string_view text, std::size_t size) {
  Read read;
  while (read.used < text.size() && !read.reader.done() && !read.reader.at_dash()) {
    const auto piece = text.substr(read.used, size);
    read.used += read.reader.on_bytes(as_bytes(piece));
  }
  return read;
}

constexpr std::string_view kHeaders{
    "Received: from a by b;\r\n\tMon\r\n"
    "Content-type: multipart/mixed;\r\n"
    "  boundary=\"x\"\r\n"
    "Subject: Content-Type: no\r\n"
    "no colon here\r\n"
    "CONTENT-DISPOSITION : attachment\n"
    "Content-Transfer-Encoding:base64\r\n"
    "Content-Type: text/html\r\n"
    "\r\n"
    "body"};

TEST(HeaderReader, KeepsTheFirstOfEachFieldOfInterestHoweverTheyAreCut) {
  for (std::size_t size = 1; size <= kHeaders.size(); ++size) {
    const auto [reader, used] = read(kHeaders, size);
    ASSERT_TRUE(reader.done());
    EXPECT_EQ(kHeaders.substr(used), "body");
    EXPECT_EQ(reader.fields().content_type, " multipart/mixed;  boundary=\"x\"");
    EXPECT_EQ(reader.fields().content_disposition, " attachment");
    EXPECT_EQ(reader.fields().content_transfer_encoding, "base64");
  }
}

TEST(HeaderReader, EndsAtAnEmptyLine) {
  EXPECT_TRUE(read("\r\n", 1).reader.done());
  EXPECT_TRUE(read("\n", 1).reader.done());
  EXPECT_TRUE(read("a: b\n\n", 3).reader.done());
  EXPECT_FALSE(read("a: b\r\n", 3).reader.done());
}

TEST(HeaderReader, StopsAtADash) {
  auto [reader, used] = read("a: b\r\n--x\r\n\r\n", 100);
  EXPECT_TRUE(reader.at_dash());
  EXPECT_EQ(used, 6U);
  reader.pass_line(false);
  EXPECT_EQ(reader.on_bytes(as_bytes("--x\r\n\r\n")), 7U);
  EXPECT_TRUE(reader.done());
}

TEST(HeaderReader, KeepsOnlySoMuchOfAField) {
  const auto [reader, used] =
      read("Content-Type: " + std::string(100'000, 'x') + "\r\n" + " more\r\n\r\n", 999);
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.fields().content_type.size(), HeaderReader::kMaxField);
}

TEST(HeaderReader, ForgetsWhatAHoleIsIn) {
  HeaderReader reader;
  (void)reader.on_bytes(as_bytes("Content-Type: text/"));
  reader.on_gap();
  (void)reader.on_bytes(as_bytes("ain\r\nContent-Disposition: inline\r\n\r\n"));
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.fields().content_type, "");
  EXPECT_EQ(reader.fields().content_disposition, " inline");
}

}  // namespace
}  // namespace remora::mime
