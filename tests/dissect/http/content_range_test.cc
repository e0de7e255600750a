#include "dissect/http/content_range.h"

#include <gtest/gtest.h>

namespace remora::http {
namespace {

TEST(ContentRange, TellsWhereAPartStands) {
  const auto range = read_content_range("bytes 100-199/250");
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->first, 100U);
  EXPECT_EQ(range->last, 199U);
  EXPECT_FALSE(range->is_last());
  EXPECT_TRUE(read_content_range("Bytes  200-249/250")->is_last());
  EXPECT_TRUE(read_content_range("bytes 0-0/*")->is_last());
}

TEST(ContentRange, IsNoneWithoutNumbers) {
  for (const auto* value :
       {"", "bytes", "bytes */250", "bytes 5-4/9", "items 0-1/2", "bytes 0-1"}) {
    EXPECT_FALSE(read_content_range(value).has_value()) << value;
  }
}

}  // namespace
}  // namespace remora::http
