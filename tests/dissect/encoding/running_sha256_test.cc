#include "dissect/encoding/running_sha256.h"

#include <string_view>

#include <gtest/gtest.h>

#include "dissect/encoding/digest.h"

namespace remora::encoding {
namespace {

TEST(RunningSha256, IsThatOfAllBytes) {
  RunningSha256 running;
  EXPECT_EQ(running.digest(), sha256({}));
  running.add(as_bytes("hel"));
  EXPECT_EQ(running.digest(), sha256(as_bytes("hel")));
  running.add(as_bytes("lo"));
  EXPECT_EQ(running.digest(), sha256(as_bytes("hello")));
}

}  // namespace
}  // namespace remora::encoding
