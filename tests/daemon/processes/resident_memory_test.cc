#include "daemon/processes/resident_memory.h"

#include <vector>

#include <gtest/gtest.h>

namespace remora::processes {
namespace {

TEST(ResidentMemory, GrowsWithWhatIsInUse) {
  const ResidentMemory memory;
  const auto before = memory.bytes();
  ASSERT_GT(before, 0U);
  constexpr std::size_t kBytes = std::size_t{64} << 20U;
  const std::vector<char> used(kBytes, 'x');
  EXPECT_GE(memory.bytes(), before + kBytes / 2);
  EXPECT_EQ(used.back(), 'x');
}

}  // namespace
}  // namespace remora::processes
