#include "dissect/assistance_offer/results.h"

#include <gtest/gtest.h>

namespace remora::assistance_offer {
namespace {

TEST(Results, HaveTheNamesOfTheSpecifications) {
  EXPECT_EQ(name_result(0x80070005), (observation::NamedCode{0x80070005, "E_ACCESSDENIED"}));
  EXPECT_EQ(name_result(0x80070052).name, "ERROR_CANNOT_MAKE");
  EXPECT_EQ(name_result(0x87654321), (observation::NamedCode{0x87654321, ""}));
}

TEST(Faults, HaveNamesOfTheirOwn) {
  EXPECT_EQ(name_fault(0x1c010002).name, "nca_op_rng_error");
  EXPECT_EQ(name_fault(5).name, "ERROR_ACCESS_DENIED");
  EXPECT_EQ(name_fault(0x80070005).name, "E_ACCESSDENIED");
}

}  // namespace
}  // namespace remora::assistance_offer
