#include "dissect/kdc/kdc_dissector.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/kdc/family.h"
#include "tests/dissect/kdc/messages.h"
#include "tests/support/hex.h"
#include "tests/support/told.h"

namespace remora::kdc {
namespace {

using testing::der;
using testing::hex;
using testing::hex_of;
using testing::Said;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

/// RFC 4120 7.2.2: the length of the message, big-endian, before it.
[[nodiscard]] std::vector<std::byte> on_tcp(const std::string& message) {
  const auto size = hex(message).size();
  const std::string prefix{'\0', '\0', static_cast<char>(size >> 8U),
                           static_cast<char>(size & 0xffU)};
  return hex(hex_of(prefix) + message);
}

/// AS-REQ, 5.4.1, with the NetBIOS address that Windows puts in.
const auto kAsReq = der(
    "6a",
    der("30",
        der("a1", "020105") + der("a2", "02010a") +
            der("a4",
                der("30",
                    der("a9",
                        der("30",
                            der("30", der("a0", "020114") +
                                          der("a1", der("04", hex_of("WS-ALICE        "))))))))));

TEST(KdcDissector, TellsMachineAccountAndServiceHoweverTheStreamIsCut) {
  testing::expect_names_however_cut(
      family(), {{kClient, on_tcp(kAsReq)}, {kServer, on_tcp(tgs_rep_for("alice"))}},
      "client WS-ALICE; client CORP.EXAMPLE\\alice for TERMSRV/srv.corp.example; ");
}

TEST(KdcDissector, ReadsAConnectionJoinedAtTheAnswer) {
  testing::expect_names_however_cut(
      family(), {{kServer, on_tcp(tgs_rep_for("WS-ALICE$"))}},
      "client WS-ALICE; client CORP.EXAMPLE\\ for TERMSRV/srv.corp.example; ");
}

TEST(KdcDissector, LeavesAConnectionWithTooManyMessagesOrOtherBytes) {
  std::vector<Said> talk(KdcDissector::kMaxMessages - 1, {kClient, on_tcp(kAsReq)});
  EXPECT_EQ(testing::listen(family(), talk, 4096).recognition, Recognition::kRecognised);
  talk.push_back({kServer, on_tcp(tgs_rep_for("alice"))});
  EXPECT_EQ(testing::listen(family(), talk, 4096).recognition, Recognition::kNothing);
  talk.resize(1);
  talk.push_back({kServer, hex("ffffffff")});
  EXPECT_EQ(testing::listen(family(), talk, 4096).recognition, Recognition::kNothing);
}

TEST(KdcMessage, IsMeasuredByItsPrefix) {
  const auto bytes = on_tcp(kAsReq);
  EXPECT_EQ(measure_kdc_message(bytes).size(), bytes.size());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(measure_kdc_message(ByteView{bytes}.first(size)).needs_more()) << size;
  }
  EXPECT_TRUE(measure_kdc_message(hex("80000040")).is_lost());
  EXPECT_TRUE(measure_kdc_message(hex("00010001")).is_lost());
  EXPECT_TRUE(measure_kdc_message(hex("0000001f")).is_lost());
  EXPECT_TRUE(measure_kdc_message(hex("00000040 30")).is_lost());
}

TEST(Recognise, KnowsAMessageByBothItsLengths) {
  auto bytes = on_tcp(kAsReq);
  EXPECT_EQ(recognise(bytes), Verdict::kYes);
  EXPECT_EQ(recognise(ByteView{bytes}.first(8)), Verdict::kMore);
  EXPECT_EQ(recognise(ByteView{bytes}.first(9)), Verdict::kYes);
  bytes[3] ^= std::byte{1};
  EXPECT_EQ(recognise(bytes), Verdict::kNo);
  EXPECT_EQ(recognise(hex("00000055 ff534d4272")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("0300")), Verdict::kNo);
}

}  // namespace
}  // namespace remora::kdc
