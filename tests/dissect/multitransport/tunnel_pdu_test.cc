#include "dissect/multitransport/tunnel_pdu.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::multitransport {
namespace {

using testing::hex;

// [MS-RDPEMT] 4.1 and 4.2.
const auto kRequest = hex("00 1800 04 07000000 00000000 e2f0d108567fb43adcf4b3dc16921e3a");
const auto kResponse = hex("01 0400 04 00000000");

TEST(TunnelPdu, ReadsTheExamplesOfTheSpecification) {
  EXPECT_EQ(measure_tunnel_pdu(kRequest).size(), kRequest.size());
  const auto request = decode(kRequest, read_tunnel_pdu);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->action, Action::kCreateRequest);
  EXPECT_TRUE(request->sub_headers.empty());
  const auto asked = decode(request->payload, read_create_request);
  ASSERT_TRUE(asked.has_value());
  EXPECT_EQ(asked->request_id, 7U);
  EXPECT_EQ(asked->security_cookie.size(), 16U);
  EXPECT_EQ(to_u8(asked->security_cookie.front()), 0xe2);

  const auto response = decode(kResponse, read_tunnel_pdu);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->action, Action::kCreateResponse);
  EXPECT_EQ(decode(response->payload, read_create_response).value(), 0U);
}

TEST(TunnelPdu, ReadsSubheadersAndWhatIsBehindThem) {
  // Bandwidth Measure Start, [MS-RDPBCGR] 2.2.14.1.2, and its Stop.
  const auto bytes = hex("02 0200 10  06 00 0100 1400  06 00 0200 2904  aabb");
  const auto pdu = decode(bytes, read_tunnel_pdu);
  ASSERT_TRUE(pdu.has_value());
  EXPECT_EQ(decode(pdu->sub_headers, read_sub_headers).value(), 2U);
  EXPECT_EQ(pdu->payload.size(), 2U);
}

TEST(TunnelPdu, KnowsSubheadersThatLie) {
  EXPECT_EQ(decode(hex("01 00"), read_sub_headers).error().field, "SubHeaderLength");
  EXPECT_EQ(decode(hex("00"), read_sub_headers).error().field, "SubHeaderType");
  EXPECT_EQ(decode(hex("05 00 0102"), read_sub_headers).error().field, "SubHeaderData");
  EXPECT_EQ(decode(hex(""), read_sub_headers).value(), 0U);
}

TEST(TunnelPdu, KnowsWhatIsNone) {
  EXPECT_TRUE(measure_tunnel_pdu(hex("03 0000 04")).is_lost());
  EXPECT_TRUE(measure_tunnel_pdu(hex("02 0000 03")).is_lost());
  EXPECT_TRUE(measure_tunnel_pdu(hex("02 0500 04 aabb")).needs_more());
  EXPECT_EQ(measure_tunnel_pdu(hex("02 0500 04 aabb")).size(), 9U);
  EXPECT_TRUE(measure_tunnel_pdu({}).needs_more());
}

TEST(TunnelPdu, FindsItsPlaceByPdusAndNothingElse) {
  auto several = kResponse;
  several.insert(several.end(), kRequest.begin(), kRequest.end());
  EXPECT_TRUE(are_tunnel_pdus(several));
  several.pop_back();
  EXPECT_FALSE(are_tunnel_pdus(several));
  EXPECT_FALSE(are_tunnel_pdus(hex("12 0000 04")));  // Flags are zero
}

TEST(TunnelPdu, ObeysTheLaws) {
  testing::expect_reader_laws(kRequest, read_tunnel_pdu);
  testing::expect_reader_laws(hex("06 00 0100 1400 02 01"), read_sub_headers);
  testing::expect_reader_laws(ByteView{kRequest}.subspan(4), read_create_request);
  testing::expect_reader_laws(hex("05400080"), read_create_response);
}

}  // namespace
}  // namespace remora::multitransport
