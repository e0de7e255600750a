#include "daemon/config/nearest.h"

#include <gtest/gtest.h>

namespace remora::config {
namespace {

const std::set<std::string, std::less<>> kKnown{"compression", "endpoint", "timeout"};

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("endpiont", kKnown), "endpoint");
  EXPECT_EQ(nearest("time_out", kKnown), "timeout");
  EXPECT_EQ(nearest("paht", {"path", "port"}), "path");
}

TEST(Nearest, FindsNothingFarAway) {
  EXPECT_EQ(nearest("x", kKnown), "");
  EXPECT_EQ(nearest("password", kKnown), "");
  EXPECT_EQ(nearest(std::string(10'000, 'e'), kKnown), "");
}

}  // namespace
}  // namespace remora::config
