#include "dissect/rdp/negotiation.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "dissect/rdp/x224.h"
#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::expect_reader_laws;
using testing::hex;
namespace golden = testing::golden;

const char* const kRequest = "01 00 0800 0b000000";
const char* const kCorrelation =
    "06 00 2400"                         // type, flags, length
    "0102030405060708090a0b0c0e0f1011"   // correlationId
    "00000000000000000000000000000000";  // reserved

/// A variable part of text and, after its CRLF, hexadecimal bytes.
ConnectionRequest request(std::string_view text, std::string_view rest = "") {
  auto bytes = hex(rest);
  const auto view = as_bytes(text);
  bytes.insert(bytes.begin(), view.begin(), view.end());
  return decode(bytes, read_connection_request).value();
}

TEST(ConnectionRequest, OfTheSessionHasCookieAndNegotiation) {
  const auto bytes = golden::connection_request();
  const auto variable = decode(bytes, read_tpdu)->user_data;
  const auto read = decode(variable, read_connection_request);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->cookie, "alice");
  EXPECT_FALSE(read->routing_token.has_value());
  ASSERT_TRUE(read->negotiation.has_value());
  EXPECT_EQ(read->negotiation->flags.raw(), 0);
  EXPECT_EQ(read->negotiation->requested_protocols.raw(), 0U);
  EXPECT_FALSE(read->correlation.has_value());
  EXPECT_EQ(read->trailing_bytes, 0U);
  expect_reader_laws(variable, read_connection_request);
}

TEST(ConnectionRequest, MayBeEmpty) {
  const auto read = request("");
  EXPECT_FALSE(read.cookie || read.routing_token || read.negotiation || read.correlation);
  EXPECT_EQ(read.trailing_bytes, 0U);
}

TEST(ConnectionRequest, MayHaveNegotiationAlone) {
  const auto read = request("", kRequest);
  ASSERT_TRUE(read.negotiation.has_value());
  EXPECT_TRUE(read.negotiation->requested_protocols.has(SecurityProtocol::kHybridEx));
  EXPECT_FALSE(read.negotiation->requested_protocols.has(SecurityProtocol::kRdstls));
}

TEST(ConnectionRequest, MayHaveTextAlone) {
  EXPECT_EQ(request("Cookie: mstshash=CORP\\bob\r\n").cookie, "CORP\\bob");
}

TEST(ConnectionRequest, TakesTheCookieInAnyCase) {
  EXPECT_EQ(request("cookie: MSTSHASH=Eva\r\n", kRequest).cookie, "Eva");
}

TEST(ConnectionRequest, KeepsAnyOtherTextAsRoutingToken) {
  const auto broker = request("tsv://MS Terminal Services Plugin.1.99999\r\n", kRequest);
  EXPECT_EQ(broker.routing_token, "tsv://MS Terminal Services Plugin.1.99999");
  EXPECT_FALSE(broker.cookie.has_value());
  EXPECT_TRUE(broker.negotiation.has_value());
  EXPECT_EQ(request("Cookie: msts=3640205228.15629.0000\r\n").routing_token,
            "Cookie: msts=3640205228.15629.0000");
}

TEST(ConnectionRequest, ReadsCorrelationInfo) {
  const auto read =
      request("Cookie: mstshash=a\r\n", std::string{"01 08 0800 0b000000"} + kCorrelation);
  ASSERT_TRUE(read.correlation.has_value());
  EXPECT_EQ(read.correlation->correlation_id[0], std::byte{0x01});
  EXPECT_EQ(read.correlation->correlation_id[15], std::byte{0x11});
  EXPECT_TRUE(read.negotiation->flags.has(RequestFlag::kCorrelationInfoPresent));
  EXPECT_EQ(read.trailing_bytes, 0U);
}

TEST(ConnectionRequest, KeepsFlagsItDoesNotKnow) {
  EXPECT_EQ(request("", "01 c0 0800 00000080").negotiation->flags.raw(), 0xc0);
}

TEST(ConnectionRequest, KeepsWhatItReadBeforeJunk) {
  const auto after_text = request("Cookie: mstshash=a\r\n", "02 03 04");
  EXPECT_EQ(after_text.cookie, "a");
  EXPECT_FALSE(after_text.negotiation.has_value());
  EXPECT_EQ(after_text.trailing_bytes, 3U);
  const auto after_negotiation = request("", std::string{kRequest} + "ffff");
  EXPECT_TRUE(after_negotiation.negotiation.has_value());
  EXPECT_EQ(after_negotiation.trailing_bytes, 2U);
  EXPECT_EQ(request("Cookie: mstshash=a").trailing_bytes, 18U);  // no CRLF
}

TEST(ConnectionRequest, MakesItsTextsValidUtf8) {
  EXPECT_EQ(request("Cookie: mstshash=J\xfcrg\x1b\r\n").cookie, "J\u00fcrg\ufffd");
}

TEST(ConnectionConfirm, OfTheSessionHasAResponse) {
  const auto bytes = golden::connection_confirm();
  const auto variable = decode(bytes, read_tpdu)->user_data;
  const auto read = decode(variable, read_connection_confirm);
  ASSERT_TRUE(read.has_value());
  ASSERT_TRUE(read->response.has_value());
  EXPECT_EQ(read->response->selected_protocol.raw(), 0U);
  EXPECT_FALSE(read->failure.has_value());
  EXPECT_EQ(read->trailing_bytes, 0U);
  expect_reader_laws(variable, read_connection_confirm);
}

TEST(ConnectionConfirm, MayHoldAFailure) {
  const auto read = decode(hex("03 00 0800 05000000"), read_connection_confirm);
  ASSERT_TRUE(read->failure.has_value());
  EXPECT_EQ(read->failure->failure_code, 5U);
  EXPECT_FALSE(read->response.has_value());
}

TEST(ConnectionConfirm, MayHoldNothing) {
  const auto read = decode(ByteView{}, read_connection_confirm);
  EXPECT_FALSE(read->response || read->failure);
}

TEST(ConnectionConfirm, CountsWhatItDoesNotKnow) {
  EXPECT_EQ(decode(hex("02 03 0000 01000002"), read_connection_confirm)->trailing_bytes, 8U);
}

TEST(NegotiationRequest, EveryTruncationNamesTheMissingField) {
  const auto field_missing_after = [](std::string_view bytes) {
    return decode(hex(bytes), read_negotiation_request).error().field;
  };
  EXPECT_EQ(field_missing_after(""), "type");
  EXPECT_EQ(field_missing_after("01"), "flags");
  EXPECT_EQ(field_missing_after("01 08"), "length");
  EXPECT_EQ(field_missing_after("01 08 0800 0b0000"), "requestedProtocols");
  expect_reader_laws(hex(kRequest), read_negotiation_request);
}

TEST(NegotiationStructures, ObeyTheReaderLaws) {
  expect_reader_laws(hex("02 1f 0800 08000000"), read_negotiation_response);
  expect_reader_laws(hex("03 00 0800 02000000"), read_negotiation_failure);
  expect_reader_laws(hex(kCorrelation), read_correlation_info);
}

TEST(DecodeMsts, FindsTheFarmMember) {
  const auto address = decode_msts("Cookie: msts=3640205228.15629.0000");
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(address->to_text(), "172.31.249.216:3389");
}

TEST(DecodeMsts, RefusesOtherTexts) {
  EXPECT_FALSE(decode_msts("").has_value());
  EXPECT_FALSE(decode_msts("Cookie: msts=").has_value());
  EXPECT_FALSE(decode_msts("Cookie: msts=1").has_value());
  EXPECT_FALSE(decode_msts("Cookie: msts=1.x").has_value());
  EXPECT_FALSE(decode_msts("Cookie: msts=4294967296.15629.0000").has_value());
  EXPECT_FALSE(decode_msts("Cookie: msts=1.65536.0").has_value());
  EXPECT_FALSE(decode_msts("Cookie: msts=-1.2.0").has_value());
  EXPECT_FALSE(decode_msts("tsv://MS Terminal Services Plugin.1.Farm").has_value());
}

}  // namespace
}  // namespace remora::rdp
