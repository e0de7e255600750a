#include "dissect/encoding/file_stretches.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "dissect/encoding/digest.h"

namespace remora::encoding {
namespace {

TEST(FileStretches, DigestWhatComesInOrder) {
  FileStretches seen;
  EXPECT_EQ(seen.digest_of(0), sha256({}));
  seen.add_read(0, as_bytes("abc"));
  seen.add_read(3, as_bytes("def"));
  EXPECT_EQ(seen.bytes(), 6U);
  EXPECT_EQ(seen.end(), 6U);
  EXPECT_TRUE(seen.covers(6));
  EXPECT_EQ(seen.digest_of(6), sha256(as_bytes("abcdef")));
  EXPECT_FALSE(seen.digest_of(5).has_value());
  EXPECT_FALSE(seen.covers(7));
}

TEST(FileStretches, CountOnce) {
  FileStretches seen;
  seen.add_read(10, as_bytes("0123456789"));
  seen.add_read(30, as_bytes("0123456789"));
  seen.add_read(15, as_bytes("56789abcdefghijklmnopq"));  // 15 to 37
  EXPECT_EQ(seen.bytes(), 30U);
  EXPECT_EQ(seen.end(), 40U);
  EXPECT_FALSE(seen.covers(40));
  seen.add_read(0, as_bytes("0123456789"));
  EXPECT_EQ(seen.bytes(), 40U);
  EXPECT_TRUE(seen.covers(40));
  EXPECT_FALSE(seen.digest_of(40).has_value());
  // From front to back once more.
  seen.add_read(10, as_bytes("0123456789"));
  seen.add_read(20, as_bytes("0123456789"));
  seen.add_read(25, as_bytes("567890123456789"));
  EXPECT_EQ(seen.bytes(), 40U);
  EXPECT_EQ(seen.digest_of(40), sha256(as_bytes("0123456789012345678901234567890123456789")));
}

TEST(FileStretches, AreSpoiltByWhatIsWrittenOver) {
  FileStretches seen;
  seen.add_written(0, as_bytes("abc"));
  seen.add_written(3, as_bytes("def"));
  EXPECT_EQ(seen.digest_of(6), sha256(as_bytes("abcdef")));
  seen.add_written(1, {});
  EXPECT_TRUE(seen.digest_of(6).has_value());
  seen.add_written(1, as_bytes("b"));
  EXPECT_FALSE(seen.digest_of(6).has_value());
  EXPECT_EQ(seen.bytes(), 6U);
}

TEST(FileStretches, LieAnywhere) {
  FileStretches seen;
  seen.add_read(UINT64_MAX - 1, as_bytes("abcdef"));
  seen.add_read(UINT64_MAX, as_bytes("x"));
  EXPECT_EQ(seen.bytes(), 1U);
  EXPECT_EQ(seen.end(), UINT64_MAX);
}

TEST(FileStretches, AreBounded) {
  FileStretches seen;
  for (std::uint64_t i = 0; i < 1000; ++i) { seen.add_read(1000 - i, as_bytes("")); }
  for (std::uint64_t i = 0; i < 1000; ++i) { seen.add_read(i * 10, as_bytes("abc")); }
  EXPECT_EQ(seen.bytes(), 3000U);
}

}  // namespace
}  // namespace remora::encoding
