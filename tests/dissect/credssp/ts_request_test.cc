#include "dissect/credssp/ts_request.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/credssp/exchange.h"
#include "tests/support/laws.h"

namespace remora::credssp {
namespace {

using exchange::der;
using exchange::hex;
using exchange::ts_request;

TEST(TsRequest, HoldsATokenAndTellsWhatIsSealed) {
  const auto bytes =
      hex("30 1e"              // SEQUENCE
          "a0 03 02 01 06"     // version
          "a1 0f 30 0d 30 0b"  // negoTokens, item
          "a0 09 04 07 4e544c4d535350"
          "a3 06 04 04 01000000");  // pubKeyAuth
  const auto request = decode(bytes, read_ts_request);
  ASSERT_TRUE(request.has_value()) << request.error().to_text();
  EXPECT_EQ(request->version, 6U);
  ASSERT_EQ(request->nego_tokens.size(), 1U);
  EXPECT_EQ(as_text(request->nego_tokens[0]), "NTLMSSP");
  EXPECT_TRUE(request->pub_key_auth);
  EXPECT_FALSE(request->auth_info);
  EXPECT_FALSE(request->error_code.has_value());
}

TEST(TsRequest, HoldsSeveralTokensUpToALimit) {
  std::string items;
  for (std::size_t i = 0; i < kMaxTokens + 3; ++i) {
    items += der("30", der("a0", der("04", "4e54")));
  }
  const auto bytes = hex(ts_request(der("a1", der("30", items))));
  const auto request = decode(bytes, read_ts_request);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->nego_tokens.size(), kMaxTokens);
}

TEST(TsRequest, HasAnErrorCodeHoweverItsSignIsWritten) {
  for (const auto* code : {"c000006d", "00c000006d", "ffffffffc000006d"}) {
    const auto bytes = hex(ts_request(exchange::error_code(code), "03"));
    const auto request = decode(bytes, read_ts_request);
    ASSERT_TRUE(request.has_value()) << code;
    EXPECT_EQ(request->version, 3U);
    EXPECT_EQ(request->error_code, 0xc000006dU) << code;
  }
  const auto none = hex(ts_request(exchange::error_code("00")));
  EXPECT_FALSE(decode(none, read_ts_request)->error_code.has_value());
}

TEST(TsRequest, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(hex(ts_request(exchange::nego(exchange::ntlm_negotiate()) +
                                             exchange::pub_key_auth() + exchange::client_nonce())),
                              read_ts_request);
  testing::expect_reader_laws(hex(ts_request(exchange::error_code("c000006d"))), read_ts_request);
}

TEST(TsRequest, IsMeasuredByItsLength) {
  const auto bytes = hex(ts_request(exchange::nego(exchange::ntlm_challenge())));
  EXPECT_EQ(measure_ts_request(bytes).size(), bytes.size());
  EXPECT_TRUE(measure_ts_request(bytes).is_whole());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(measure_ts_request(ByteView{bytes}.first(size)).needs_more()) << size;
  }
  EXPECT_TRUE(measure_ts_request(hex("30 80")).is_lost());              // indefinite
  EXPECT_TRUE(measure_ts_request(hex("30 85 00 00000000")).is_lost());  // too many octets
  EXPECT_TRUE(measure_ts_request(hex("30 84 00020000")).is_lost());     // too large
  EXPECT_TRUE(measure_ts_request(hex("03 00")).is_lost());
}

TEST(RecogniseTsRequest, KnowsTheFieldsThatBeginOne) {
  for (const auto* version : {"02", "03", "04", "05", "06"}) {
    const auto bytes = hex(ts_request(exchange::nego(exchange::ntlm_negotiate()), version));
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
      const auto expected = size < 8 ? Verdict::kMore : Verdict::kYes;
      EXPECT_EQ(recognise_ts_request(ByteView{bytes}.first(size)), expected) << size;
    }
  }
  EXPECT_EQ(recognise_ts_request(hex(ts_request(exchange::error_code("c000006d")))), Verdict::kYes);
}

TEST(RecogniseTsRequest, LeavesOtherThingsAlone) {
  EXPECT_EQ(recognise_ts_request(hex("30 0c 02 01 01 60 07")), Verdict::kNo);         // LDAP bind
  EXPECT_EQ(recognise_ts_request(hex("30 82 03a0 30 82 0288 a0 03")), Verdict::kNo);  // X.509
  EXPECT_EQ(recognise_ts_request(hex("30 82 0288 a0 03 02 01 02 02 10")), Verdict::kNo);
  EXPECT_EQ(recognise_ts_request(hex("30 82 0200 a0 82 01fc 04 82")), Verdict::kNo);  // KDC proxy
  EXPECT_EQ(recognise_ts_request(hex("30 05 a0 03 02 01 06")), Verdict::kNo);  // nothing in it
  EXPECT_EQ(recognise_ts_request(hex("30 0a a0 03 02 01 01 a1")), Verdict::kNo);
  EXPECT_EQ(recognise_ts_request(hex("16 03 01")), Verdict::kNo);
  EXPECT_EQ(recognise_ts_request(as_bytes("GET / HTTP/1.1")), Verdict::kNo);
}

}  // namespace
}  // namespace remora::credssp
