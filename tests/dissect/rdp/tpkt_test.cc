#include "dissect/rdp/tpkt.h"

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;
namespace golden = testing::golden;

TEST(FramingOf, IsToldByTheFirstByte) {
  EXPECT_EQ(framing_of(0x03), Framing::kTpkt);
  EXPECT_EQ(framing_of(0x00), Framing::kFastPath);
  EXPECT_EQ(framing_of(0xc4), Framing::kFastPath);
  EXPECT_EQ(framing_of(0x16), Framing::kNeither);
  EXPECT_EQ(framing_of(0x43), Framing::kNeither);
}

TEST(MeasurePdu, FindsTheEndOfEachPduOfTheSession) {
  for (const auto& pdu :
       {golden::connection_request(), golden::connection_confirm(), golden::connect_initial(),
        golden::connect_response(), golden::attach_user_request(), golden::disconnect()}) {
    auto stream = pdu;
    stream.push_back(std::byte{0x03});
    const auto extent = measure_pdu(stream);
    ASSERT_TRUE(extent.is_whole());
    EXPECT_EQ(extent.size(), pdu.size());
  }
}

TEST(MeasurePdu, NeedsMoreAtEveryCutOfATpkt) {
  const auto pdu = golden::connection_request();
  for (std::size_t size = 0; size < pdu.size(); ++size) {
    EXPECT_TRUE(measure_pdu(ByteView{pdu}.first(size)).needs_more()) << size;
  }
  EXPECT_EQ(measure_pdu(ByteView{pdu}.first(3)).size(), 0U);
  EXPECT_EQ(measure_pdu(ByteView{pdu}.first(4)).size(), pdu.size());
}

TEST(MeasurePdu, ReadsBothLengthsOfAFastPathPdu) {
  EXPECT_EQ(measure_pdu(hex("04 04 00 1e")).size(), 4U);     // one key, one-byte length
  EXPECT_EQ(measure_pdu(hex("04 8005 00 1e")).size(), 5U);   // the same as FreeRDP writes it
  EXPECT_EQ(measure_pdu(hex("c4 8123 00")).size(), 0x123U);  // encrypted
  EXPECT_TRUE(measure_pdu(hex("c4 8123 00")).needs_more());
  EXPECT_TRUE(measure_pdu(hex("c4")).needs_more());
  EXPECT_TRUE(measure_pdu(hex("c4 81")).needs_more());
}

TEST(MeasurePdu, IsLostInGarbage) {
  EXPECT_TRUE(measure_pdu(hex("16 0301")).is_lost());           // TLS
  EXPECT_TRUE(measure_pdu(hex("00 00")).is_lost());             // length 0
  EXPECT_TRUE(measure_pdu(hex("04 8003")).is_lost());           // no content
  EXPECT_TRUE(measure_pdu(hex("84 0a")).is_lost());             // no room for its signature
  EXPECT_TRUE(measure_pdu(hex("03 00 0006")).is_lost());        // below the smallest TPKT
  EXPECT_TRUE(measure_pdu(hex("03 00 0013 0e 41")).is_lost());  // no TPDU code
  EXPECT_TRUE(measure_pdu(hex("03 00 0013 20 d0")).is_lost());  // LI beyond the TPKT
  EXPECT_TRUE(measure_pdu(hex("03 00 ffff ff d0")).is_lost());  // LI 255 is reserved
  EXPECT_TRUE(measure_pdu(hex("03 00 0013 01 f0")).is_lost());  // DT without EOT
}

TEST(FastPathHeader, TellsEventsFlagsAndLength) {
  const auto header = decode(hex("c8 8123"), read_fast_path_header);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->number_events, 2);
  EXPECT_TRUE(header->secure_checksum);
  EXPECT_TRUE(header->encrypted);
  EXPECT_EQ(header->length, 0x123);
  testing::expect_reader_laws(hex("c8 8123"), read_fast_path_header);
}

}  // namespace
}  // namespace remora::rdp
