#include "dissect/rdp/licensing.h"

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
