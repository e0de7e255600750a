#include "dissect/tls/record.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::tls {
namespace {

using testing::hex;

TEST(MeasureRecord, FindsTheEndOfAWholeRecord) {
  const auto extent = measure_record(hex("16 0303 0002 aabb 17"));
  EXPECT_TRUE(extent.is_whole());
  EXPECT_EQ(extent.size(), 7U);
}

TEST(MeasureRecord, AsksForMoreAtEveryCut) {
  const auto record = hex("16 0303 0002 aabb");
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_TRUE(measure_record(ByteView{record}.first(size)).needs_more()) << size;
  }
}

TEST(MeasureRecord, RefusesWhatCannotStartARecord) {
  EXPECT_TRUE(measure_record(hex("03 00 00 13 0e")).is_lost());  // TPKT
  EXPECT_TRUE(measure_record(hex("16 02")).is_lost());
  EXPECT_TRUE(measure_record(hex("16 0305")).is_lost());
  EXPECT_TRUE(measure_record(hex("16 0303 4801")).is_lost());  // 2^14 + 2049
  EXPECT_FALSE(measure_record(hex("16 0303 4800")).is_lost());
}

}  // namespace
}  // namespace remora::tls
