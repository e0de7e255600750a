#include "dissect/rdp/client_info.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;
namespace golden = testing::golden;

const char* const kUnicodeStart =
    "09040000 10000000"         // CodePage, flags: UNICODE
    "0200 0200 0000 0000 0000"  // sizes: domain, user, password, shell, directory
    "4400 0000  5500 0000"      // "D", "U"
    "0000 0000 0000";           // the other three, empty

TEST(ClientInfo, OfTheSessionIsRead) {
  const auto info = decode(golden::client_info_plaintext(), read_client_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->code_page, 0x409U);
  EXPECT_EQ(info->flags.raw(), 0x3fbU);
  EXPECT_TRUE(info->flags.has(InfoFlag::kAutologon));
  EXPECT_EQ(info->domain, "CORP");
  EXPECT_EQ(info->user_name, "alice");
  EXPECT_EQ(info->password_bytes, 14);
  EXPECT_FALSE(info->damage.has_value());
  ASSERT_TRUE(info->extra_info.has_value());
  EXPECT_EQ(info->extra_info->client_address_family, 2);
  EXPECT_EQ(info->extra_info->client_address, "10.1.2.3");
  EXPECT_EQ(info->extra_info->client_dir, "C:\\WINDOWS\\System32\\mstscax.dll");
}

TEST(ClientInfo, OfTheSessionHasATimeZone) {
  const auto info = decode(golden::client_info_plaintext(), read_client_info);
  ASSERT_TRUE(info.has_value() && info->extra_info.has_value());
  EXPECT_EQ(info->extra_info->bias, -60);
  EXPECT_EQ(info->extra_info->standard_name, "W. Europe Standard Time");
  EXPECT_EQ(info->extra_info->daylight_name, "W. Europe Daylight Time");
  EXPECT_EQ(info->extra_info->client_session_id, 0U);
  EXPECT_EQ(info->extra_info->performance_flags, 7U);
  EXPECT_FALSE(info->extra_info->auto_reconnect_logon_id.has_value());
}

TEST(ClientInfo, ObeysTheReaderLaws) {
  expect_reader_laws(golden::client_info_plaintext(), read_client_info);
}

TEST(ClientInfo, MayHaveNoExtendedPart) {
  const auto info = decode(hex(kUnicodeStart), read_client_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->domain, "D");
  EXPECT_EQ(info->user_name, "U");
  EXPECT_FALSE(info->extra_info.has_value());
}

TEST(ClientInfo, MayBeInAnAnsiCodePage) {
  const auto bytes =
      hex("e4040000 00000000"         // CodePage 1252, flags: no UNICODE
          "0000 0400 0600 0000 0000"  // sizes
          "00"                        // Domain
          "4afc7267 00"               // UserName
          "736563726574 00 00 00"     // Password, AlternateShell, WorkingDir
          "0200 0400 3a3a3100"        // family, cbClientAddress, address
          "0000");                    // cbClientDir
  const auto info = decode(bytes, read_client_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->user_name, "J\u00fcrg");
  EXPECT_EQ(info->password_bytes, 6);
  ASSERT_TRUE(info->extra_info.has_value());
  EXPECT_EQ(info->extra_info->client_address, "::1");
  EXPECT_FALSE(info->extra_info->bias.has_value());
  expect_reader_laws(bytes, read_client_info);
}

TEST(ClientInfo, ReadsReconnectCookieAndDynamicTimeZone) {
  auto text = std::string{kUnicodeStart} + "0200 0000 0000";  // no address, no directory
  text += std::string(344, '0');                              // clientTimeZone
  text += "00000000 00000000";                                // session id, performance flags
  text += "1c00 1c000000 01000000 07000000" + std::string(32, 'a');  // LogonId 7, verifier
  text += "6400 0000 0400 43004500 0100";  // reserved, key name "CE", disabled
  const auto info = decode(hex(text), read_client_info);
  ASSERT_TRUE(info.has_value() && info->extra_info.has_value());
  EXPECT_EQ(info->extra_info->auto_reconnect_logon_id, 7U);
  EXPECT_EQ(info->extra_info->dynamic_dst_time_zone_key_name, "CE");
  EXPECT_EQ(info->extra_info->dynamic_daylight_time_disabled, 1);
  EXPECT_FALSE(info->damage.has_value());
}

TEST(ClientInfo, KeepsWhatWasReadBeforeDamageInTheExtendedPart) {
  const auto bytes = hex(std::string{kUnicodeStart} + "0200 0400 3100 0000 5000 43");
  const auto info = decode(bytes, read_client_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->user_name, "U");
  EXPECT_EQ(info->extra_info->client_address, "1");
  ASSERT_TRUE(info->damage.has_value());
  EXPECT_EQ(info->damage->to_text(), "clientDir at 42: 1 of 80 bytes");
}

TEST(ClientInfo, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(hex("09040000 10000000 0200"), read_client_info).error().field, "cbUserName");
}

}  // namespace
}  // namespace remora::rdp
