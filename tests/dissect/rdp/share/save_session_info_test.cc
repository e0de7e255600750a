#include "dissect/rdp/share/save_session_info.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;

/// So many zero bytes in hexadecimal.
std::string zeros(std::size_t bytes) {
  std::string digits;
  digits.append(2 * bytes, '0');
  return digits;
}

TEST(SaveSessionInfo, ReadsALongLogonAsInTheSession) {
  const auto bytes =
      hex("01000000"                // infoType
          "0100 12000000 02000000"  // Version, Size, SessionId
          "0a000000 0c000000" +
          zeros(558) +                       // cbDomain, cbUserName, Pad
          "4300 4f00 5200 5000 0000"         // "CORP"
          "6100 6c00 6900 6300 6500 0000");  // "alice"
  const auto info = decode(bytes, read_save_session_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->info_type, LogonInfoType::kLogonLong);
  EXPECT_TRUE(info->is_logon());
  EXPECT_EQ(info->domain, "CORP");
  EXPECT_EQ(info->user_name, "alice");
  EXPECT_EQ(info->session_id, 2U);
  expect_reader_laws(bytes, read_save_session_info);
}

TEST(SaveSessionInfo, ReadsAShortLogon) {
  const auto bytes =
      hex("00000000"
          "04000000 4400 0000" +
          zeros(48) +                          // cbDomain, Domain
          "04000000 5500 0000" + zeros(508) +  // cbUserName, UserName
          "03000000");                         // SessionId
  const auto info = decode(bytes, read_save_session_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->domain, "D");
  EXPECT_EQ(info->user_name, "U");
  EXPECT_EQ(info->session_id, 3U);
  expect_reader_laws(bytes, read_save_session_info);
}

TEST(SaveSessionInfo, ReadsAPlainNotification) {
  const auto info = decode(hex("02000000" + zeros(576)), read_save_session_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_TRUE(info->is_logon());
  EXPECT_EQ(info->user_name, "");
  EXPECT_FALSE(info->session_id.has_value());
}

TEST(SaveSessionInfo, ReadsReconnectCookieAndErrors) {
  const auto bytes =
      hex("03000000 3200 03000000"  // Length, FieldsPresent
          "1c000000 1c000000 01000000 05000000" +
          zeros(16) +                                  // cookie, LogonId 5
          "08000000 feffffff 02000000" + zeros(570));  // errors
  const auto info = decode(bytes, read_save_session_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_FALSE(info->is_logon());
  EXPECT_EQ(info->auto_reconnect_logon_id, 5U);
  ASSERT_TRUE(info->errors.has_value());
  EXPECT_EQ(info->errors->error_notification_type, 0xfffffffeU);
  EXPECT_EQ(info->errors->error_notification_data, 2U);
  expect_reader_laws(bytes, read_save_session_info);
}

TEST(SaveSessionInfo, ReadsErrorsWithoutCookie) {
  const auto info =
      decode(hex("03000000 1200 02000000 08000000 ffffffff 00000000"), read_save_session_info);
  ASSERT_TRUE(info.has_value() && info->errors.has_value());
  EXPECT_EQ(info->errors->error_notification_type, 0xffffffffU);
  EXPECT_FALSE(info->auto_reconnect_logon_id.has_value());
}

TEST(SaveSessionInfo, KeepsAnotherType) {
  EXPECT_EQ(decode(hex("09000000"), read_save_session_info)->info_type, LogonInfoType{9});
}

TEST(SaveSessionInfo, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(hex("01000000 0100 12000000 0200"), read_save_session_info).error().field,
            "SessionId");
  EXPECT_EQ(
      decode(hex("03000000 1200 02000000 04000000 ffffffff"), read_save_session_info).error().field,
      "logonErrors.ErrorNotificationData");
}

}  // namespace
}  // namespace remora::rdp
