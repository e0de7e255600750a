#include "dissect/rdp/share/redirection.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;

const std::string kAll =
    "0004 0000 07000000 1fdb0100"  // Flags, Length, SessionID, RedirFlags
    "06000000 3100 3000 0000"      // TargetNetAddress "10"
    "06000000 4661 726d 0d0a"      // LoadBalanceInfo "Farm"
    "06000000 6500 7600 0000"      // UserName "ev"
    "04000000 4300 0000"           // Domain "C"
    "06000000 7000 7700 0000"      // Password "pw"
    "04000000 6600 0000"           // TargetFQDN "f"
    "04000000 4e00 0000"           // TargetNetBiosName "N"
    "02000000 7476"                // TsvUrl
    "04000000 6700 0000"           // RedirectionGuid "g"
    "02000000 6300"                // TargetCertificate
    "14000000 02000000"            // TargetNetAddresses, addressCount
    "04000000 3100 0000"           // "1"
    "04000000 3200 0000"           // "2"
    "0000000000000000";            // Pad

TEST(ServerRedirection, ReadsEveryFieldInItsOrder) {
  const auto packet = decode(hex(kAll), read_server_redirection);
  ASSERT_TRUE(packet.has_value()) << packet.error().to_text();
  EXPECT_EQ(packet->session_id, 7U);
  EXPECT_EQ(packet->redir_flags.raw(), 0x1db1fU);
  EXPECT_EQ(packet->target_net_address, "10");
  EXPECT_EQ(packet->load_balance_info, "Farm");
  EXPECT_EQ(packet->user_name, "ev");
  EXPECT_EQ(packet->domain, "C");
  EXPECT_EQ(packet->target_fqdn, "f");
  EXPECT_EQ(packet->target_net_bios_name, "N");
  EXPECT_EQ(packet->redirection_guid, "g");
  EXPECT_EQ(packet->target_net_addresses, (std::vector<std::string>{"1", "2"}));
  expect_reader_laws(hex(kAll), read_server_redirection);
}

TEST(ServerRedirection, BecomesAnObservation) {
  const auto redirected = to_redirected(decode(hex(kAll), read_server_redirection).value());
  EXPECT_EQ(redirected.session_id, 7U);
  EXPECT_EQ(redirected.flags, 0x1db1fU);
  EXPECT_EQ(redirected.target_address, "10");
  EXPECT_EQ(redirected.target_addresses.size(), 2U);
  EXPECT_EQ(redirected.target_fqdn, "f");
  EXPECT_EQ(redirected.target_netbios_name, "N");
  EXPECT_EQ(redirected.user, "ev");
  EXPECT_EQ(redirected.domain, "C");
  EXPECT_EQ(redirected.load_balance_info, "Farm");
}

TEST(ServerRedirection, KeepsOfThePasswordOnlyThatThereIsOne) {
  const auto redirected = to_redirected(decode(hex(kAll), read_server_redirection).value());
  EXPECT_TRUE(redirected.has_password);
  EXPECT_EQ(redirected.tsv_url, "tv");
  EXPECT_EQ(redirected.redirection_guid, "g");
  EXPECT_EQ(redirected.load_balance_info_digest, encoding::sha256(as_bytes("Farm")));
  EXPECT_FALSE(redirected.target_certificate_digest.has_value());  // "c" is no container
}

TEST(ServerRedirection, DigestsTheCertificateInItsContainer) {
  // An element to be ignored, then a certificate of two bytes: base64 of
  // 03000000 00000000 01000000 ff 20000000 01000000 02000000 3000
  const std::string base64 = "AwAAAAAAAAABAAAA/yAAAAABAAAAAgAAADAA";
  std::string utf16;
  for (const char c : base64) { utf16 += encoding::to_hex(as_bytes({&c, 1})) + "00"; }
  const auto packet =
      decode(hex("0004 0000 00000000 00000100 4a000000" + utf16 + "0000"), read_server_redirection);
  ASSERT_TRUE(packet.has_value()) << packet.error().to_text();
  EXPECT_EQ(packet->target_certificate_digest, encoding::sha256(hex("3000")));
}

TEST(ServerRedirection, OfEnhancedSecurityHasPaddingBefore) {
  const auto bytes = hex("0000" + kAll + "00");
  EXPECT_EQ(decode(bytes, read_enhanced_redirection)->session_id, 7U);
  expect_reader_laws(bytes, read_enhanced_redirection);
}

TEST(ServerRedirection, MayHaveNoFields) {
  const auto packet = decode(hex("0004 0c00 00000000 80000000"), read_server_redirection);
  ASSERT_TRUE(packet.has_value());
  EXPECT_TRUE(packet->redir_flags.has(RedirectionFlag::kNoRedirect));
  EXPECT_EQ(packet->target_fqdn, "");
}

TEST(ServerRedirection, GivesALoadBalanceInfoThatIsNoTextInHex) {
  const auto packet =
      decode(hex("0004 0000 00000000 02000000 03000000 00ff61"), read_server_redirection);
  EXPECT_EQ(packet->load_balance_info, "00ff61");
}

TEST(ServerRedirection, ReadsAtMost32Addresses) {
  std::string addresses;
  for (int i = 0; i < 40; ++i) { addresses += "02000000 3100"; }
  const auto packet = decode(hex("0004 0000 00000000 00080000 f4000000 ffffffff" + addresses),
                             read_server_redirection);
  ASSERT_TRUE(packet.has_value()) << packet.error().to_text();
  EXPECT_EQ(packet->target_net_addresses.size(), 32U);
}

TEST(ServerRedirection, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(hex("0104"), read_server_redirection).error().field, "Flags");
  EXPECT_EQ(decode(hex("0004 0000 00000000 00010000 04000000 66"), read_server_redirection)
                .error()
                .to_text(),
            "TargetFQDN at 16: 1 of 4 bytes");
}

}  // namespace
}  // namespace remora::rdp
