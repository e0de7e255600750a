#include "dissect/credssp/status_names.h"

#include <gtest/gtest.h>

namespace remora::credssp {
namespace {

TEST(StatusNames, AreThoseOfTheSpecifications) {
  EXPECT_EQ(named_status(0xc000006d).name, "STATUS_LOGON_FAILURE");
  EXPECT_EQ(named_status(0xc0000234).name, "STATUS_ACCOUNT_LOCKED_OUT");
  EXPECT_EQ(named_status(0xc0000224).name, "STATUS_PASSWORD_MUST_CHANGE");
  EXPECT_EQ(named_status(0xc00000bb).name, "STATUS_NOT_SUPPORTED");
  EXPECT_EQ(named_authorization_result(5).name, "AUTHZ_ACCESS_DENIED");
  EXPECT_EQ(named_rdstls_result(0x52e).name, "RDSTLS_RESULT_LOGON_FAILURE");
  EXPECT_EQ(named_rdstls_result(0x775).name, "RDSTLS_RESULT_ACCOUNT_LOCKED_OUT");
}

TEST(StatusNames, LeaveACodeThatNoTableHasWithoutAName) {
  EXPECT_EQ(named_status(0xc0001234).code, 0xc0001234U);
  EXPECT_TRUE(named_status(0xc0001234).name.empty());
  EXPECT_TRUE(named_rdstls_result(7).name.empty());
}

}  // namespace
}  // namespace remora::credssp
