#include "dissect/smb/framing.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::smb {
namespace {

using testing::hex;

// RFC 1002 4.3.2: "SRV" with suffix 20h, "WS-ALICE" with suffix 00h.
const auto kSessionRequest =
    hex("81 00 0044"
        "20 4644464346474341434143414341434143414341434143414341434143414341 00"
        "20 46484644434e4542454d454a4544454643414341434143414341434143414141 00");
const auto kRequest = ByteView{kSessionRequest}.subspan(4);

TEST(SessionRequest, IsFramedByTypeAndLength) {
  const auto header = decode(kSessionRequest, read_frame_header);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->type, PacketType::kSessionRequest);
  EXPECT_EQ(header->size, kRequest.size());
}

TEST(SessionRequest, NamesBothEnds) {
  const auto request = decode(kRequest, read_session_request);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->called, "SRV");
  EXPECT_EQ(request->calling, "WS-ALICE");
}

TEST(SessionRequest, IsRefusedWithOtherLetters) {
  auto bytes = kSessionRequest;
  bytes[10] = std::byte{'Q'};
  const auto request = decode(ByteView{bytes}.subspan(4), read_session_request);
  ASSERT_FALSE(request.has_value());
  EXPECT_EQ(request.error().field, "CALLED NAME");
}

TEST(SessionRequest, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(kRequest, read_session_request);
}

TEST(Dialect, IsInTheFirstFourBytes) {
  EXPECT_EQ(dialect_of(hex("ff534d42")), Dialect::kSmb1);
  EXPECT_EQ(dialect_of(hex("fe534d42 4000")), Dialect::kSmb2);
  EXPECT_EQ(dialect_of(hex("fd534d42")), Dialect::kEncrypted);
  EXPECT_EQ(dialect_of(hex("fc534d42")), Dialect::kCompressed);
  EXPECT_EQ(dialect_of(hex("fb534d42")), Dialect::kNone);
  EXPECT_EQ(dialect_of(hex("ff534d43")), Dialect::kNone);
  EXPECT_EQ(dialect_of(hex("ff534d")), Dialect::kNone);
}

TEST(Recognise, KnowsSmbWithAndWithoutSessionService) {
  EXPECT_EQ(recognise(kSessionRequest), Verdict::kYes);
  EXPECT_EQ(recognise(hex("00 000085 ff534d42")), Verdict::kYes);
  EXPECT_EQ(recognise(hex("00 0000a2 fe534d42")), Verdict::kYes);
  EXPECT_EQ(recognise(hex("00 0000a2 fd534d42")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("00 0000a2 ff534d43")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("81 000043")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("82 000000")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("GET / HTTP/1.1")), Verdict::kNo);
}

TEST(Recognise, AsksForMoreWhileItMayBeOne) {
  const auto smb = hex("00 000085 ff534d42");
  for (std::size_t size = 0; size < smb.size(); ++size) {
    EXPECT_EQ(recognise(ByteView{smb}.first(size)), Verdict::kMore) << size;
  }
  for (std::size_t size = 0; size < 5; ++size) {
    EXPECT_EQ(recognise(ByteView{kSessionRequest}.first(size)), Verdict::kMore) << size;
  }
}

}  // namespace
}  // namespace remora::smb
