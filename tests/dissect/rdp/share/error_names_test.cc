#include "dissect/rdp/share/error_names.h"

#include <gtest/gtest.h>

namespace remora::rdp {
namespace {

TEST(ErrorInfoName, IsTheSpecifications) {
  EXPECT_EQ(error_info_name(0x00), "NONE");
  EXPECT_EQ(error_info_name(0x01), "RPC_INITIATED_DISCONNECT");
  EXPECT_EQ(error_info_name(0x0c), "LOGOFF_BY_USER");
  EXPECT_EQ(error_info_name(0x1a), "SERVER_REBOOT");
  EXPECT_EQ(error_info_name(0x102), "LICENSE_NO_LICENSE");
  EXPECT_EQ(error_info_name(0x412), "CB_SESSION_ONLINE_VM_SESSMON_FAILED");
  EXPECT_EQ(error_info_name(0x10c9), "UNKNOWNPDUTYPE2");
  EXPECT_EQ(error_info_name(0x1126), "SECURITYDATATOOSHORT23");
  EXPECT_EQ(error_info_name(0x1195), "DECRYPTFAILED2");
  EXPECT_EQ(error_info_name(0x1196), "PEER_DISCONNECTED");
}

TEST(ErrorInfoName, IsEmptyForOtherCodes) {
  EXPECT_EQ(error_info_name(0x08), "");
  EXPECT_EQ(error_info_name(0x1b), "");
  EXPECT_EQ(error_info_name(0x1197), "");
  EXPECT_EQ(error_info_name(0xffffffff), "");
}

TEST(StatusName, IsTheSpecifications) {
  EXPECT_EQ(status_name(0x401), "FINDING_DESTINATION");
  EXPECT_EQ(status_name(0x505), "VM_RETRYING_MONITORING");
  EXPECT_EQ(status_name(0x400), "");
}

}  // namespace
}  // namespace remora::rdp
