#include "dissect/credssp/rdp_start.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::credssp {
namespace {

using testing::hex;

Verdict nothing(ByteView) {
  return Verdict::kNo;
}

TEST(RdpStart, IsTpkt) {
  EXPECT_EQ(begins_rdp(hex("03 00")), Verdict::kYes);
  EXPECT_EQ(begins_rdp(hex("03")), Verdict::kMore);
  EXPECT_EQ(begins_rdp(hex("03 01")), Verdict::kNo);
  EXPECT_EQ(begins_rdp(hex("30")), Verdict::kNo);
  EXPECT_EQ(begins_rdp({}), Verdict::kNo);
}

TEST(RdpStart, TellsAConnectionRequestFromWhatFollowsOne) {
  EXPECT_EQ(what_begins(hex("0300 0013 0e e0 0000")), kRdpFromItsStart);
  EXPECT_EQ(what_begins(hex("0300 01d3 02 f0 80")), kRdp);
  EXPECT_FALSE(what_begins(hex("0300 01d3 02")).has_value());
}

TEST(RdpStart, IsFoundBehindAHole) {
  EXPECT_EQ(bytes_before_start(hex("1111 0300 1111 0300 0012 02f0 80"), nothing), 6U);
  EXPECT_EQ(bytes_before_start(hex("1111 0300 0012 02"), nothing), 2U);
  EXPECT_EQ(bytes_before_start(hex("1111 1111"), nothing), 4U);
}

}  // namespace
}  // namespace remora::credssp
