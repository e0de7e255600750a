#include "dissect/http/chunks.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::http {
namespace {

TEST(Chunks, TellTheirSize) {
  for (const auto* line : {"1a\r\n", "1A\n", "1a;name=\"value\"\r\n", "001a \r\n", " 1a\r\n"}) {
    const auto read = read_chunk_line(as_bytes(line));
    ASSERT_TRUE(read.extent.is_whole()) << line;
    EXPECT_EQ(read.extent.size(), std::string{line}.size());
    EXPECT_EQ(read.size, 26U) << line;
  }
  EXPECT_EQ(read_chunk_line(as_bytes("0\r\n\r\n")).extent.size(), 3U);
}

TEST(Chunks, AreLostWithoutANumberOrAnEnd) {
  for (const auto* line : {"\r\n", "x\r\n", "1x\r\n", "-1\r\n", "10000000000000000\r\n"}) {
    EXPECT_TRUE(read_chunk_line(as_bytes(line)).extent.is_lost()) << line;
  }
  EXPECT_TRUE(
      read_chunk_line(as_bytes("1a;" + std::string(kMaxChunkLineBytes, 'x'))).extent.is_lost());
  EXPECT_TRUE(read_chunk_line(as_bytes("1a;" + std::string(100, 'x'))).extent.needs_more());
  EXPECT_TRUE(read_chunk_line({}).extent.needs_more());
}

TEST(Trailers, EndWithAnEmptyLine) {
  EXPECT_FALSE(read_trailer_line(as_bytes("Digest: x\r\n")).is_last);
  EXPECT_TRUE(read_trailer_line(as_bytes("\r\n")).is_last);
  EXPECT_TRUE(read_trailer_line(as_bytes("\nGET")).is_last);
  EXPECT_TRUE(read_trailer_line(as_bytes("\r")).extent.needs_more());
}

}  // namespace
}  // namespace remora::http
