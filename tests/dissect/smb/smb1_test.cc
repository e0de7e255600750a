#include "dissect/smb/smb1.h"

#include <gtest/gtest.h>

#include "tests/dissect/smb/messages.h"
#include "tests/support/laws.h"

namespace remora::smb {
namespace {

using testing::hex;
using testing::utf16_of;

/// SMB_COM_SESSION_SETUP_ANDX with blob, [MS-SMB] 2.2.4.6.1; "aabbcc" is the blob.
const auto kSetupWithBlob = hex(smb1("73", false,
                                     "0c ff 00 0000 ffff 0200 0100 00000000 0300 00000000 d4000080"
                                     "0500 aabbcc 0000"));
/// Its response, 2.2.4.6.2.
const auto kSetupAnswer = hex(smb1("73", true, "04 ff 00 0000 0100 0300 0500 aabbcc 0000"));

/// [MS-CIFS] 2.2.4.53.1, two passwords of two and three bytes, then a chained tree connect at 108.
const auto kSetupWithTree = hex(smb1(
    "73", false,
    "0d 75 00 6c00 ffff 0200 0100 00000000 0200 0300 00000000 54000000"
    "2700 a1a1 b2b2b2" +  // OEMPassword, UnicodePassword: text at 66, no pad
        utf16_of("alice") +
        "0000" + utf16_of("CORP") + "0000" + utf16_of("Win") + "0000" + utf16_of("L") + "0000" +
        "00000000 00000000"
        "04 ff 00 0000 0000 0100"  // PasswordLength 1
        "1d00 00" +
        utf16_of(R"(\\SRV\IPC$)") + "0000" + "3f3f3f3f3f00"));

/// [MS-CIFS] 2.2.4.52.2: NT LAN Manager, without extended security.
const auto kNegotiateAnswer =
    hex(smb1("72", true,
             "11 0500 03 3200 0100 04110000 00000100 00000000 fc000000 0000000000000000 0000 08"
             "1a00 0123456789abcdef" +
                 utf16_of("CORP") + "0000" + utf16_of("SRV") + "0000"));

TEST(Smb1Header, TellsCommandDirectionAndText) {
  const auto header = decode(kSetupAnswer, read_smb1_header);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->command, Smb1Command::kSessionSetupAndX);
  EXPECT_TRUE(header->is_response);
  EXPECT_TRUE(header->unicode);
}

TEST(Smb1SessionSetup, HoldsABlobBothWays) {
  for (const auto* bytes : {&kSetupWithBlob, &kSetupAnswer}) {
    const auto told = decode(*bytes, read_smb1_message);
    ASSERT_TRUE(told.has_value());
    ASSERT_EQ(told->security_blob.size(), 3U);
    EXPECT_EQ(to_u8(told->security_blob[2]), 0xcc);
    EXPECT_EQ(told->account, "");
  }
}

TEST(Smb1SessionSetup, WithoutBlobNamesAccountDomainAndTree) {
  const auto told = decode(kSetupWithTree, read_smb1_message);
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->account, "alice");
  EXPECT_EQ(told->domain, "CORP");
  EXPECT_EQ(told->tree_path, R"(\\SRV\IPC$)");
}

TEST(Smb1Negotiate, NamesTheServer) {
  const auto told = decode(kNegotiateAnswer, read_smb1_message);
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->server_name, "SRV");
}

TEST(Smb1Negotiate, IsInUnicodeByTheCapabilityAlone) {
  auto bytes = kNegotiateAnswer;
  bytes[11] = std::byte{0x00};  // Flags2
  ASSERT_TRUE(decode(bytes, read_smb1_message).has_value());
  EXPECT_EQ(decode(bytes, read_smb1_message)->server_name, "SRV");
}

TEST(Smb1Message, ObeysTheLawsOfReaders) {
  for (const auto* bytes : {&kSetupWithBlob, &kSetupAnswer, &kSetupWithTree, &kNegotiateAnswer}) {
    testing::expect_reader_laws(*bytes, read_smb1_message);
  }
}

}  // namespace
}  // namespace remora::smb
