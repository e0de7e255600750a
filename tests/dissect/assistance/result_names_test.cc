#include "dissect/assistance/result_names.h"

#include <gtest/gtest.h>

namespace remora::assistance {
namespace {

TEST(ResultName, IsTheSpecifications) {
  EXPECT_EQ(result_name(0), "SAFERROR_NOERROR");
  EXPECT_EQ(result_name(25), "SAFERROR_HELPSESSIONNOTFOUND");
  EXPECT_EQ(result_name(61), "PASSWORDS_DONT_MATCH");
  EXPECT_EQ(result_name(302), "SAFERROR_SHADOWEND_UNKNOWN");
  EXPECT_EQ(result_name(2), "");
}

}  // namespace
}  // namespace remora::assistance
