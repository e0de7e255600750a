#include "dissect/rdp/licensing.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;
namespace golden = testing::golden;

TEST(Licensing, OfTheSessionSaysValidClient) {
  const auto bytes = golden::licence();
  const auto body = golden::send_data(bytes).subspan(4);
  const auto pdu = decode(body, read_licensing_pdu);
  ASSERT_TRUE(pdu.has_value());
  EXPECT_EQ(pdu->preamble.message_type, LicenseMessageType::kErrorAlert);
  EXPECT_EQ(pdu->preamble.flags, 3);
  EXPECT_EQ(pdu->preamble.message_size, 16);
  const auto& error = std::get<LicenseErrorMessage>(pdu->message);
  EXPECT_EQ(error.error_code, 7U);
  EXPECT_TRUE(error.is_valid_client());
  EXPECT_FALSE(error.is_total_abort());
  expect_reader_laws(body, read_licensing_pdu);
}

TEST(Licensing, ARefusalAborts) {
  const auto pdu = decode(hex("ff 03 1000 02000000 01000000 04000000"), read_licensing_pdu);
  ASSERT_TRUE(pdu.has_value());
  EXPECT_TRUE(std::get<LicenseErrorMessage>(pdu->message).is_total_abort());
}

TEST(NewLicenseRequest, NamesUserAndMachine) {
  const auto bytes =
      hex("13 83 4500"                                                        // preamble
          "01000000 00000104"                                                 // algorithm, platform
          "0000000000000000000000000000000000000000000000000000000000000000"  // ClientRandom
          "0200 0400 01020304"                                                // pre-master secret
          "0f00 0400 65766100"                                                // "eva"
          "1000 0500 5753303100");                                            // "WS01"
  const auto pdu = decode(bytes, read_licensing_pdu);
  ASSERT_TRUE(pdu.has_value()) << pdu.error().to_text();
  const auto& request = std::get<NewLicenseRequest>(pdu->message);
  EXPECT_EQ(request.platform_id, 0x04010000U);
  EXPECT_EQ(request.client_user_name, "eva");
  EXPECT_EQ(request.client_machine_name, "WS01");
  expect_reader_laws(bytes, read_licensing_pdu);
}

TEST(ServerLicenseRequest, NamesCompanyAndProduct) {
  const auto bytes =
      hex("01 03 4000"                                                        // preamble
          "0000000000000000000000000000000000000000000000000000000000000000"  // ServerRandom
          "00000600"                                                          // dwVersion
          "06000000 4d00 5300 0000"                                           // "MS"
          "08000000 4100 3000 3200 0000");                                    // "A02"
  const auto pdu = decode(bytes, read_licensing_pdu);
  ASSERT_FALSE(pdu.has_value());  // wMsgSize goes beyond
  auto whole = bytes;
  whole[2] = static_cast<std::byte>(bytes.size());
  const auto read = decode(whole, read_licensing_pdu);
  ASSERT_TRUE(read.has_value());
  const auto& request = std::get<ServerLicenseRequest>(read->message);
  EXPECT_EQ(request.product_version, 0x60000U);
  EXPECT_EQ(request.company_name, "MS");
  EXPECT_EQ(request.product_id, "A02");
  expect_reader_laws(whole, read_licensing_pdu);
}

TEST(ServerLicenseRequest, ListsWhoMayIssueTheLicence) {
  const auto bytes =
      hex("01 03 5600"                                                        // preamble
          "0000000000000000000000000000000000000000000000000000000000000000"  // ServerRandom
          "00000600"                                                          // dwVersion
          "06000000 4d00 5300 0000"                                           // "MS"
          "04000000 4100 0000"                                                // "A"
          "0d00 0400 01000000"                                                // KeyExchangeList
          "0300 0000"                                                         // no certificate
          "02000000 0e00 0200 6100 0e00 0200 6200");                          // "a", "b"
  const auto pdu = decode(bytes, read_licensing_pdu);
  ASSERT_TRUE(pdu.has_value()) << pdu.error().to_text();
  const auto step = to_licensing_step(*pdu);
  EXPECT_EQ(step.message, "LICENSE_REQUEST");
  EXPECT_EQ(step.version, 3);
  EXPECT_EQ(step.product_version, 0x60000U);
  EXPECT_EQ(step.scopes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(step.license_server, "");
  expect_reader_laws(bytes, read_licensing_pdu);
}

// The extension in the example of [MS-RDPELE] 4.1.
TEST(LicenseServerInfo, NamesTheLicenceServerAndItsScope) {
  const auto bytes =
      hex("00300000 0000 0e00 3e00"                                   // Version 2, offsets
          "52004f00440045004e0054000000"                              // "RODENT"
          "370038003400340030002d003000300036002d0035003800360037"    // "78440-006-5867
          "003000340035002d0037003000330034003700000057004f0052004b"  // 045-70347", "WORK
          "00470052004f00550050000000"                                // GROUP"
          "0000");
  const auto info = decode(bytes, read_license_server_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->issuer_name, "RODENT");
  EXPECT_EQ(info->scope, "WORKGROUP");
  expect_reader_laws(bytes, read_license_server_info);
}

TEST(LicenseServerInfo, OfVersionOneHasNoIdentifier) {
  const auto info = decode(hex("00100000 0000 0400 4100 0000 4200 0000"), read_license_server_info);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->issuer_name, "A");
  EXPECT_EQ(info->scope, "B");
  EXPECT_EQ(decode(hex("00100000 ffff ffff 4100"), read_license_server_info)->issuer_name, "");
}

TEST(LicensingStep, HasErrorAndTransition) {
  const auto pdu = decode(hex("ff 02 1000 02000000 01000000 04000000"), read_licensing_pdu);
  const auto step = to_licensing_step(pdu.value());
  EXPECT_EQ(step.version, 2);
  EXPECT_EQ(step.error, (observation::NamedCode{.code = 2, .name = "NO_LICENSE"}));
  EXPECT_EQ(step.state_transition, (observation::NamedCode{.code = 1, .name = "TOTAL_ABORT"}));
}

TEST(Licensing, DoesNotLookIntoOtherMessages) {
  const auto pdu = decode(hex("02 03 0800 01020304"), read_licensing_pdu);
  ASSERT_TRUE(pdu.has_value());
  EXPECT_EQ(pdu->preamble.message_type, LicenseMessageType::kPlatformChallenge);
  EXPECT_TRUE(std::holds_alternative<OtherLicenseMessage>(pdu->message));
}

TEST(Licensing, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(hex("ff 03 0300"), read_licensing_pdu).error().field, "wMsgSize");
  EXPECT_EQ(decode(hex("ff 03 0800 07000000"), read_licensing_pdu).error().field,
            "LicensingMessage.dwStateTransition");
}

}  // namespace
}  // namespace remora::rdp
