#include "dissect/rdp/names.h"

#include <gtest/gtest.h>

namespace remora::rdp {
namespace {

TEST(Names, AreTheSpecifications) {
  EXPECT_EQ(negotiation_failure_name(1), "SSL_REQUIRED_BY_SERVER");
  EXPECT_EQ(negotiation_failure_name(6), "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER");
  EXPECT_EQ(disconnect_reason_name(1), "PROVIDER_INITIATED");
  EXPECT_EQ(disconnect_reason_name(3), "USER_REQUESTED");
  EXPECT_EQ(x224_disconnect_reason_name(128), "NORMAL");
  EXPECT_EQ(license_error_name(7), "STATUS_VALID_CLIENT");
  EXPECT_EQ(license_error_name(2), "NO_LICENSE");
  EXPECT_EQ(logon_notification_name(0xfffffffe), "SESSION_CONTINUE");
  EXPECT_EQ(logon_notification_name(0xffffffff), "ACCESS_DENIED");
  EXPECT_EQ(logon_error_name(0), "FAILED_BAD_PASSWORD");
}

TEST(Names, AreEmptyForOtherCodes) {
  EXPECT_EQ(negotiation_failure_name(0), "");
  EXPECT_EQ(negotiation_failure_name(7), "");
  EXPECT_EQ(disconnect_reason_name(5), "");
  EXPECT_EQ(x224_disconnect_reason_name(4), "");
  EXPECT_EQ(license_error_name(5), "");
  EXPECT_EQ(logon_notification_name(0xc000006d), "");  // an NTSTATUS
  EXPECT_EQ(logon_error_name(4), "");
}

}  // namespace
}  // namespace remora::rdp
