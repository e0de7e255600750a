#include "dissect/rdp/share/font_map.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

TEST(FontMap, ReadsEveryField) {
  const auto bytes = testing::hex("0000 0100 0300 0400");
  const auto map = decode(bytes, read_font_map);
  ASSERT_TRUE(map.has_value());
  EXPECT_EQ(map->number_entries, 0);
  EXPECT_EQ(map->total_num_entries, 1);
  EXPECT_EQ(map->map_flags, 3);
  EXPECT_EQ(map->entry_size, 4);
  testing::expect_reader_laws(bytes, read_font_map);
}

}  // namespace
}  // namespace remora::rdp
