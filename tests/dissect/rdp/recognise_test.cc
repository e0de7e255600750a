#include "dissect/rdp/recognise.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

using testing::hex;
namespace golden = testing::golden;

TEST(Recognise, ClaimsTheSessionsFirstPdus) {
  EXPECT_EQ(recognise(golden::connection_request()), Verdict::kYes);
  EXPECT_EQ(recognise(golden::connection_confirm()), Verdict::kYes);
  EXPECT_EQ(recognise(golden::connect_initial()), Verdict::kYes);
  EXPECT_EQ(recognise(golden::connect_response()), Verdict::kYes);
}

TEST(Recognise, AsksForMoreUntilItIsSure) {
  for (const auto& pdu : {golden::connection_request(), golden::connection_confirm(),
                          golden::connect_initial(), golden::connect_response()}) {
    auto last = Verdict::kMore;
    for (std::size_t size = 0; size <= pdu.size(); ++size) {
      const auto verdict = recognise(ByteView{pdu}.first(size));
      EXPECT_NE(verdict, Verdict::kNo) << size;
      EXPECT_FALSE(last == Verdict::kYes && verdict != Verdict::kYes) << size;
      last = verdict;
    }
  }
}

TEST(Recognise, ClaimsRequestsWithoutCookie) {
  EXPECT_EQ(recognise(hex("03000013 0e e0 0000 0000 00 01 00 0800 0b000000")), Verdict::kYes);
  EXPECT_EQ(recognise(hex("03000013 0e e0 0000 0000 00 01 00 0900 0b000000")), Verdict::kNo);
}

TEST(Recognise, ClaimsRoutingTokens) {
  EXPECT_EQ(recognise(hex("03000013 0e e0 0000 0000 00"
                          "4661726d 2d31 0d0a")),
            Verdict::kYes);
  EXPECT_EQ(recognise(hex("03000013 0e e0 0000 0000 00"
                          "4661726d 2d31 0a0d")),
            Verdict::kNo);
  EXPECT_EQ(recognise(hex("03000013 0e e0 0000 0000 00"
                          "4661726d 2d31 2d31")),
            Verdict::kNo);
}

TEST(Recognise, ClaimsEmptyRequestsAndConfirmsOfOldPeers) {
  EXPECT_EQ(recognise(hex("0300000b 06 e0 0000 0000 00")), Verdict::kYes);
  EXPECT_EQ(recognise(hex("0300000b 06 d0 0000 1234 00")), Verdict::kYes);
}

TEST(Recognise, LeavesEmptyOnesOfOthersAlone) {
  EXPECT_EQ(recognise(hex("0300000b 06 e0 0000 0001 00")), Verdict::kNo);  // T.120 numbers its ends
  EXPECT_EQ(recognise(hex("0300000b 06 e0 0001 0000 00")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("0300000b 06 e0 0000 0000 40")), Verdict::kNo);  // class 4
  EXPECT_EQ(recognise(hex("0300000b 06 d0 0001 1234 00")), Verdict::kNo);
}

TEST(Recognise, LeavesS7AndMmsAlone) {
  EXPECT_EQ(recognise(hex("03000016 11 e0 0000 0001 00 c0010a c1020100 c2020102")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("03000016 11 d0 0001 0003 00 c0010a c1020100 c2020102")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("03000016 11 e0 0000 0001 00 c1020100 c2020102 c0010a")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("0300001f 02 f080 32 01 0000 0100")), Verdict::kNo);
}

TEST(Recognise, LeavesOtherConferencesAlone) {
  auto other = golden::connect_initial();
  const auto key = hex("44756361");
  const auto at = std::search(other.begin(), other.end(), key.begin(), key.end());
  ASSERT_NE(at, other.end());
  *at = std::byte{0};
  EXPECT_EQ(recognise(other), Verdict::kNo);
  EXPECT_EQ(recognise(ByteView{other}.first(200)), Verdict::kMore);
}

TEST(Recognise, StopsAskingAt512Bytes) {
  auto long_pdu = hex("0300ffff 02 f080 7f65");
  long_pdu.resize(511);
  EXPECT_EQ(recognise(long_pdu), Verdict::kMore);
  long_pdu.resize(512);
  EXPECT_EQ(recognise(long_pdu), Verdict::kNo);
}

TEST(Recognise, LeavesOtherProtocolsAloneAtOnce) {
  EXPECT_EQ(recognise(hex("16")), Verdict::kNo);                // TLS
  EXPECT_EQ(recognise(hex("474554")), Verdict::kNo);            // HTTP
  EXPECT_EQ(recognise(hex("03 01")), Verdict::kNo);             // no TPKT
  EXPECT_EQ(recognise(hex("03 00 0000")), Verdict::kNo);        // length 0
  EXPECT_EQ(recognise(hex("03 00 0040 08 02")), Verdict::kNo);  // H.225
}

TEST(Recognise, ClaimsSendDataInTheMiddleOfAConnection) {
  // A share control PDU alone, behind an empty security header; something encrypted; a licence.
  EXPECT_EQ(recognise(hex("0300 0016 02f080 68 0001 03eb 70 08 0800 1700 ea03 0000")),
            Verdict::kYes);
  EXPECT_EQ(recognise(hex("0300 001a 02f080 68 0001 03eb 70 0c 0000 0000 0800 1700 ea03 0000")),
            Verdict::kYes);
  EXPECT_EQ(recognise(hex("0300 001c 02f080 64 0006 03eb 70 800d 0800 0000 1122334455667788 99")),
            Verdict::kYes);
  EXPECT_EQ(recognise(hex("0300 0014 02f080 68 0001 03eb 70 06 8000 0000 ff03")), Verdict::kYes);
  const auto pdu = hex("0300 0016 02f080 68 0001 03eb 70 08 0800 1700 ea03 0000");
  for (std::size_t size = 0; size < pdu.size(); ++size) {
    EXPECT_EQ(recognise(ByteView{pdu}.first(size)), Verdict::kMore) << size;
  }
}

TEST(Recognise, ClaimsSendDataOnStaticChannels) {
  // A whole message; the first piece of one; a compressed one; something encrypted.
  EXPECT_EQ(recognise(hex("0300 0018 02f080 68 0001 03ec 70 0a 02000000 03000000 abcd")),
            Verdict::kYes);
  EXPECT_EQ(recognise(hex("0300 0657 02f080 64 0006 040a 70 8648 00020100 01000000 abcd")),
            Verdict::kYes);
  EXPECT_EQ(recognise(hex("0300 0018 02f080 68 0001 03ed 70 0a 09000000 03002100 abcd")),
            Verdict::kYes);
  EXPECT_EQ(recognise(hex("0300 001c 02f080 64 0006 03ec 70 800d 0800 0000 1122334455667788 99")),
            Verdict::kYes);
  // Lengths that disagree, a first piece that is too short, flags that nobody has, in the middle of
  // a message, no channel of RDP's, a length that has the bit for encryption.
  for (const auto* pdu :
       {"0300 0018 02f080 68 0001 03ec 70 0a 03000000 03000000 abcd",
        "0300 0018 02f080 68 0001 03ec 70 0a 02000000 01000000 abcd",
        "0300 0018 02f080 68 0001 03ec 70 0a 09000000 01000000 abcd",
        "0300 0018 02f080 68 0001 03ec 70 0a 02000000 03000001 abcd",
        "0300 0018 02f080 68 0001 03ec 70 0a 02000000 02000000 abcd",
        "0300 0018 02f080 68 0001 040b 70 0a 02000000 03000000 abcd",
        "0300 0018 02f080 68 0001 03ea 70 0a 02000000 03000000 abcd",
        "0300 001f 02f080 68 0001 03ec 70 11 88880000 02000000 abcdabcdabcdabcdab"}) {
    EXPECT_EQ(recognise(hex(pdu)), Verdict::kNo) << pdu;
  }
}

TEST(Recognise, ClaimsChannelsThatAreJoined) {
  const auto join = hex("0300000c02f08038000603ef");
  for (std::size_t size = 1; size < join.size(); ++size) {
    EXPECT_EQ(recognise(ByteView{join}.first(size)), Verdict::kMore) << size;
  }
  EXPECT_EQ(recognise(join), Verdict::kYes);
  EXPECT_EQ(recognise(hex("0300000c02f0803800060001")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("0300000d02f08038000603ef00")), Verdict::kNo);
}

TEST(Recognise, LeavesOtherSendDataAlone) {
  // A length that disagrees, a static one of T.120, another priority, no share control, encrypted
  // alone.
  for (const auto* pdu : {"0300 0016 02f080 68 0001 03eb 70 09 0800 1700 ea03 0000",
                          "0300 0016 02f080 68 0001 0001 70 08 0800 1700 ea03 0000",
                          "0300 0016 02f080 68 0001 03eb 30 08 0800 1700 ea03 0000",
                          "0300 0016 02f080 68 0001 03eb 70 08 0900 1700 ea03 0000",
                          "0300 0016 02f080 68 0001 03eb 70 08 0800 2700 ea03 0000",
                          "0300 0016 02f080 68 0001 03eb 70 08 0800 0000 ea03 0000",
                          "0300 0016 02f080 6c 0001 03eb 70 08 0800 1700 ea03 0000"}) {
    EXPECT_EQ(recognise(hex(pdu)), Verdict::kNo) << pdu;
  }
}

TEST(Recognise, AsksForMoreOfNothing) {
  EXPECT_EQ(recognise({}), Verdict::kMore);
}

}  // namespace
}  // namespace remora::rdp
