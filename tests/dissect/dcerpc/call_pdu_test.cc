#include "dissect/dcerpc/call_pdu.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"
#include "tests/support/offer_pdus.h"

namespace remora::dcerpc {
namespace {

using testing::hex;

const auto kRequest = hex(testing::kConnectionParms);

TEST(Request, NamesContextAndOperation) {
  const auto head = decode(kRequest, read_request_head);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->context_id, 1);
  EXPECT_EQ(head->opnum, 19);
  testing::expect_reader_laws(ByteView{kRequest}.first(kRequestHeadBytes), read_request_head);
}

TEST(Request, HasItsStubBehindTheObject) {
  const auto header = decode(kRequest, read_pdu_header).value();
  const auto stub = stub_of(header, kRequest);
  EXPECT_EQ(stub.bytes.size(), kRequest.size() - 40);
  EXPECT_FALSE(stub.sealed);
}

TEST(Response, EndsItsStubBeforePaddingAndVerifier) {
  // Stub aabb, two bytes of padding, RPC_C_AUTHN_LEVEL_PKT_PRIVACY, a signature of four bytes.
  const auto response =
      hex("05 00 02 03 10 00 00 00 2800 0400 02000000 02000000 0000 00 00 aabb 0000"
          "0a 06 02 00 01000000 01020304");
  const auto header = decode(response, read_pdu_header).value();
  const auto stub = stub_of(header, response);
  EXPECT_EQ(stub.bytes.size(), 2U);
  EXPECT_TRUE(stub.sealed);
}

TEST(Response, MayLieAboutItsPadding) {
  const auto response =
      hex("05 00 02 03 10 00 00 00 2800 0400 02000000 02000000 0000 00 00 aabb 0000"
          "0a 06 ff 00 01000000 01020304");
  const auto header = decode(response, read_pdu_header).value();
  EXPECT_TRUE(stub_of(header, response).bytes.empty());
}

TEST(Fault, HasAStatus) {
  const auto fault =
      hex("05 00 03 03 10 00 00 00 2000 0000 02000000 20000000 0000 00 00 0200011c 00000000");
  EXPECT_EQ(decode(fault, read_fault).value_or(0), 0x1c010002U);
  testing::expect_reader_laws(fault, read_fault);
}

}  // namespace
}  // namespace remora::dcerpc
