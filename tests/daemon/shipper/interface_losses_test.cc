#include "daemon/shipper/interface_losses.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace remora::shipper {
namespace {

class InterfaceLossesTest : public ::testing::Test {
 protected:
  void kernel_counts(int missed, int fifo) {
    const auto folder = folder_.path() / "eth1/statistics";
    std::filesystem::create_directories(folder);
    std::ofstream{folder / "rx_missed_errors"} << missed << '\n';
    std::ofstream{folder / "rx_fifo_errors"} << fifo << '\n';
  }
  testing::ScratchFolder folder_;
  InterfaceLosses losses_{folder_.path()};
};

TEST_F(InterfaceLossesTest, CountsSinceTheStart) {
  kernel_counts(100, 10);
  EXPECT_EQ(losses_.of("eth1"), 0U);
  kernel_counts(103, 11);
  EXPECT_EQ(losses_.of("eth1"), 4U);
}

TEST_F(InterfaceLossesTest, GoesOnWhereTheInterfaceIsMadeAgain) {
  kernel_counts(100, 0);
  EXPECT_EQ(losses_.of("eth1"), 0U);
  kernel_counts(107, 0);
  EXPECT_EQ(losses_.of("eth1"), 7U);
  kernel_counts(2, 0);
  EXPECT_EQ(losses_.of("eth1"), 9U);
}

TEST_F(InterfaceLossesTest, KnowsNothingOfStrangers) {
  EXPECT_EQ(losses_.of("eth9"), 0U);
  EXPECT_EQ(losses_.of("../eth1"), 0U);
  EXPECT_EQ(losses_.of(""), 0U);
}

}  // namespace
}  // namespace remora::shipper
