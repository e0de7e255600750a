#include "daemon/emit/wire_words.h"

#include <gtest/gtest.h>

namespace remora::emit {
namespace {

using N = v1::Negotiation;

TEST(RequestedProtocols, NameEachBit) {
  EXPECT_EQ(requested_protocols(0), (std::vector<N::Protocol>{N::STANDARD}));
  EXPECT_EQ(requested_protocols(0x0b),
            (std::vector<N::Protocol>{N::TLS, N::CREDSSP, N::CREDSSP_EARLY_AUTH}));
  EXPECT_EQ(requested_protocols(0x14), (std::vector<N::Protocol>{N::RDSTLS, N::RDSAAD}));
}

TEST(SelectedProtocol, IsOneOfThem) {
  EXPECT_EQ(selected_protocol(0), N::STANDARD);
  EXPECT_EQ(selected_protocol(8), N::CREDSSP_EARLY_AUTH);
  EXPECT_EQ(selected_protocol(3), N::PROTOCOL_UNSPECIFIED);
}

TEST(Flags, KeepBitsWithoutAName) {
  EXPECT_EQ(request_flags(0x41),
            (std::vector<std::string>{"RESTRICTED_ADMIN_MODE_REQUIRED", "0x40"}));
  EXPECT_TRUE(response_flags(0).empty());
}

TEST(Encryption, HasTheContractsWords) {
  EXPECT_EQ(encryption_method(2), "RC4_128");
  EXPECT_EQ(encryption_method(0x20), "0x20");
  EXPECT_EQ(encryption_level(1), "LOW");
  EXPECT_EQ(encryption_methods(0x1b),
            (std::vector<std::string>{"RC4_40", "RC4_56", "RC4_128", "FIPS"}));
}

TEST(ClientBuild, TellsTheSystemItShipsWith) {
  EXPECT_EQ(client_build(2600).operating_system, "Windows XP");
  EXPECT_EQ(client_build(2600).rdp_version, "5.1");
  EXPECT_EQ(client_build(22621).operating_system, "Windows 11 22H2");
  EXPECT_TRUE(client_build(1).operating_system.empty());
}

TEST(CoreVersion, IsExactOnlyFromVersionTenOn) {
  EXPECT_EQ(core_version(0x00080011), "10.12");
  EXPECT_EQ(core_version(0x00080004), "");
}

TEST(TlsVersion, HasTheContractsWords) {
  EXPECT_EQ(tls_version(0x0303), "TLS1.2");
  EXPECT_EQ(tls_version(0x7f17), "0x7f17");
}

}  // namespace
}  // namespace remora::emit
