#include "dissect/rdp/pdu_findings.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

using observation::AutoReconnectStep;
using observation::LogonNotified;
using observation::LogonReported;
using observation::NamedCode;
using testing::hex;

std::vector<Finding> told(ShareDataType type, const std::string& text) {
  const auto payload = hex(text);
  Findings out;
  tell_share_data({.share_id = 1,
                   .stream_id = 1,
                   .uncompressed_length = 0,
                   .type = type,
                   .compressed_type = 0,
                   .compressed_length = 0,
                   .payload = payload},
                  Side::kAcceptor, {}, out);
  return out.found();
}

ShareControlPdu control(SharePduType type, ByteView body) {
  return {.total_length = 0, .type = type, .version = 1, .pdu_source = {}, .body = body};
}

/// The only finding, which must be of this kind.
template <typename What>
What only(const std::vector<Finding>& found) {
  EXPECT_EQ(found.size(), 1U);
  const auto* what = found.empty() ? nullptr : std::get_if<What>(&found[0].what);
  EXPECT_NE(what, nullptr);
  return what == nullptr ? What{} : *what;
}

/// Logon Info Extended with a notification: type and data, little-endian.
std::vector<Finding> notified(const std::string& type, const std::string& data) {
  return told(ShareDataType::kSaveSessionInfo, "03000000 1200 02000000 08000000" + type + data);
}

TEST(SaveSessionInfo, APlainNotificationNamesNobody) {
  const auto logon = only<LogonReported>(told(ShareDataType::kSaveSessionInfo, "02000000"));
  EXPECT_STREQ(logon.form, "PLAIN_NOTIFY");
  EXPECT_EQ(logon.user, "");
  EXPECT_FALSE(logon.error.has_value());
}

TEST(SaveSessionInfo, AWrongPasswordIsAFailedLogonWithItsReason) {
  const auto logon = only<LogonReported>(notified("feffffff", "00000000"));
  EXPECT_STREQ(logon.form, "LOGON_EXTENDED_INFO");
  EXPECT_EQ(logon.error, (NamedCode{.code = 0xfffffffe, .name = "SESSION_CONTINUE"}));
  EXPECT_EQ(logon.detail, (NamedCode{.code = 0, .name = "FAILED_BAD_PASSWORD"}));
  EXPECT_FALSE(logon.windows_session_id.has_value());
}

TEST(SaveSessionInfo, ARefusalNamesTheWindowsSession) {
  const auto logon = only<LogonReported>(notified("faffffff", "02000000"));
  EXPECT_EQ(logon.error, (NamedCode{.code = 0xfffffffa, .name = "NO_PERMISSION"}));
  EXPECT_FALSE(logon.detail.has_value());
  EXPECT_EQ(logon.windows_session_id, 2U);
}

TEST(SaveSessionInfo, AStatusOfSeverityErrorIsAFailedLogon) {
  const auto logon = only<LogonReported>(notified("6d0000c0", "02000000"));
  EXPECT_EQ(logon.error, (NamedCode{.code = 0xc000006d, .name = ""}));
  EXPECT_EQ(logon.detail, (NamedCode{.code = 2, .name = "FAILED_OTHER"}));
  const auto denied = only<LogonReported>(notified("ffffffff", "02000000"));
  EXPECT_EQ(denied.error, (NamedCode{.code = 0xffffffff, .name = "ACCESS_DENIED"}));
  EXPECT_FALSE(denied.detail.has_value());
}

TEST(SaveSessionInfo, WhatOnlyTellsHowTheLogonGoesOnIsNoFailure) {
  const auto other = only<LogonNotified>(notified("feffffff", "02000000"));
  EXPECT_EQ(other.type.name, "SESSION_CONTINUE");
  EXPECT_EQ(other.data, (NamedCode{.code = 2, .name = "FAILED_OTHER"}));
  const auto session = only<LogonNotified>(notified("feffffff", "09000000"));
  EXPECT_FALSE(session.data.has_value());
  EXPECT_EQ(session.windows_session_id, 9U);
  EXPECT_EQ(only<LogonNotified>(notified("f8ffffff", "02000000")).windows_session_id, 2U);
  EXPECT_FALSE(only<LogonNotified>(notified("00000040", "00000000")).type.name.size());
}

TEST(SaveSessionInfo, ACookieIsToldByTheSessionThatItLeadsTo) {
  const auto step =
      only<AutoReconnectStep>(told(ShareDataType::kSaveSessionInfo,
                                   "03000000 2600 01000000 1c000000"
                                   "1c000000 01000000 06000000 000102030405060708090a0b0c0d0e0f"));
  EXPECT_EQ(step.what, AutoReconnectStep::What::kCookieGiven);
  EXPECT_EQ(step.logon_id, 6U);
}

TEST(ShareData, TellsTheCourseOfTheSession) {
  EXPECT_FALSE(only<observation::ShutdownStep>(told(ShareDataType::kShutdownRequest, "")).denied);
  EXPECT_TRUE(only<observation::ShutdownStep>(told(ShareDataType::kShutdownDenied, "")).denied);
  EXPECT_EQ(only<observation::StatusReported>(told(ShareDataType::kStatusInfo, "01040000")).status,
            (NamedCode{.code = 0x401, .name = "FINDING_DESTINATION"}));
  EXPECT_EQ(only<AutoReconnectStep>(told(ShareDataType::kArcStatus, "00000000")).what,
            AutoReconnectStep::What::kRefused);
  EXPECT_EQ(only<observation::MonitorLayoutTold>(
                told(ShareDataType::kMonitorLayout,
                     "01000000 00000000 00000000 7f070000 37040000 01000000"))
                .monitors.size(),
            1U);
  EXPECT_TRUE(told(ShareDataType::kSetErrorInfo, "00000000").empty());
  EXPECT_TRUE(told(ShareDataType::kFontMap, "0000000003000400").empty());
}

TEST(ShareData, TellsWhatIsCutShort) {
  for (const auto type : {ShareDataType::kStatusInfo, ShareDataType::kMonitorLayout,
                          ShareDataType::kSetErrorInfo, ShareDataType::kSaveSessionInfo}) {
    const auto found = told(type, "0100");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<observation::Damage>(found[0].what));
  }
}

TEST(ShareControl, DemandActiveTellsTheServerBeforeItsConsent) {
  const auto body =
      hex("ea030100 0400 1800 52445000"  // shareID, lengths, "RDP"
          "0200 0000"                    // two sets
          "0900 0800 ea030000"           // Share
          "0100 0c00 01000300 00020000"  // General, cut short
          "00000000");
  Findings out;
  tell_share_control(control(SharePduType::kDemandActive, body), Side::kAcceptor, {}, out);
  ASSERT_EQ(out.found().size(), 2U);
  const auto& platform = std::get<observation::ServerPlatform>(out.found()[0].what);
  EXPECT_EQ(platform.source_descriptor, "RDP");
  EXPECT_EQ(platform.capability_sets, (std::vector<std::uint16_t>{9, 1}));
  EXPECT_TRUE(std::holds_alternative<observation::Accepted>(out.found()[1].what));
}

TEST(ShareControl, DeactivateAllIsTold) {
  Findings out;
  tell_share_control(control(SharePduType::kDeactivateAll, {}), Side::kAcceptor, {}, out);
  ASSERT_EQ(out.found().size(), 1U);
  EXPECT_TRUE(std::holds_alternative<observation::Deactivated>(out.found()[0].what));
}

}  // namespace
}  // namespace remora::rdp
