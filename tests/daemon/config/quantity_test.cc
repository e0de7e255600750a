#include "daemon/config/quantity.h"

#include <gtest/gtest.h>

namespace remora::config {
namespace {

using std::chrono::milliseconds;

TEST(Quantity, TimesNeedTheirUnit) {
  EXPECT_EQ(to_duration("500ms"), milliseconds{500});
  EXPECT_EQ(to_duration("30s"), milliseconds{30'000});
  EXPECT_TRUE(to_duration("36525d").has_value());
  EXPECT_EQ(to_duration("7d"), milliseconds{604'800'000});
  for (const auto* wrong :
       {"", "30", "s", "1.5s", "-1s", "30 s", "30S", "99999999999999999999s", "36526d"}) {
    EXPECT_FALSE(to_duration(wrong).has_value()) << wrong;
  }
}

TEST(Quantity, SizesMayGoWithout) {
  EXPECT_EQ(to_bytes("4096"), 4096U);
  EXPECT_EQ(to_bytes("64KiB"), 65'536U);
  EXPECT_EQ(to_bytes("2GiB"), 2'147'483'648U);
  EXPECT_EQ(to_bytes("1TiB"), 1'099'511'627'776U);
  for (const auto* wrong : {"", "KiB", "1KB", "1.5MiB", "9999999999999GiB"}) {
    EXPECT_FALSE(to_bytes(wrong).has_value()) << wrong;
  }
}

TEST(Quantity, IsWrittenAsItIsRead) {
  for (const auto* text : {"0ms", "500ms", "30s", "90s", "5m", "12h", "7d"}) {
    EXPECT_EQ(to_text(to_duration(text).value()), text);
  }
  for (const auto* text : {"0", "1023", "64KiB", "1MiB", "1TiB"}) {
    EXPECT_EQ(bytes_to_text(to_bytes(text).value()), text);
  }
}

TEST(Quantity, NumbersAreDigitsOnly) {
  EXPECT_EQ(to_number("18446744073709551615"), 18'446'744'073'709'551'615U);
  for (const auto* wrong : {"", "+1", "-1", "0x10", "1 ", "18446744073709551616"}) {
    EXPECT_FALSE(to_number(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace remora::config
