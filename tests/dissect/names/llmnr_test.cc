#include "dissect/names/llmnr.h"

#include "dissect/names/family.h"
#include "tests/dissect/names/dns_bytes.h"
#include "tests/dissect/names/told.h"

namespace remora::names {
namespace {

using testing::bytes;
using testing::told;
using testing::Words;

constexpr testing::Sent kFromHost{.source = "192.0.2.20",
                                  .source_port = 5355,
                                  .destination = "192.0.2.10",
                                  .destination_port = 61234};
const std::string kAsksForRds = "05 7264733031 00 0001 0001";
const std::string kA = "c00c 0001 0001 0000001e 0004 c0000214";

/// RFC 4795 2.1.1
std::string response(const std::string& flags) {
  return "1a2b" + flags + "0001 0001 0000 0000" + kAsksForRds + kA;
}

TEST(Llmnr, TellsTheAnswerToWhoAsked) {
  EXPECT_EQ(told(llmnr_family(), kFromHost, bytes(response("8000"))),
            Words{"llmnr.answer: 192.0.2.20 is rds01 for 30 to 192.0.2.10"});
}

TEST(Llmnr, TellsNothingInConflictCutShortOrTentative) {
  for (const auto* flags : {"8400", "8200", "8100", "0000", "8001"}) {
    EXPECT_EQ(told(llmnr_family(), kFromHost, bytes(response(flags))), Words{}) << flags;
  }
}

TEST(Llmnr, TellsNothingOfOtherNames) {
  EXPECT_EQ(told(llmnr_family(), kFromHost,
                 bytes("1a2b 8000 0001 0001 0000 0000" + kAsksForRds +
                       "02 7063 00 0001 0001 0000001e 0004 c0000214")),
            Words{});
}

TEST(Llmnr, TellsNothingOfTheAddressOfAnother) {
  auto sent = kFromHost;
  sent.source = "192.0.2.66";
  EXPECT_EQ(told(llmnr_family(), sent, bytes(response("8000"))), Words{});
}

TEST(Llmnr, TellsNothingToAGroup) {
  auto sent = kFromHost;
  sent.destination = "224.0.0.252";
  EXPECT_EQ(told(llmnr_family(), sent, bytes(response("8000"))), Words{});
}

TEST(Llmnr, IsRecognisedByPortAndShape) {
  EXPECT_TRUE(recognise_llmnr(to_datagram(kFromHost, bytes(response("8000")))));
  auto sent = kFromHost;
  sent.source_port = 5356;
  EXPECT_FALSE(recognise_llmnr(to_datagram(sent, bytes(response("8000")))));
  EXPECT_FALSE(recognise_llmnr(to_datagram(kFromHost, bytes("1a2b 8000 0002 0000 0000 0000"))));
}

TEST(Llmnr, DoesNoHarmWhenDamaged) {
  testing::expect_harmless_when_damaged(llmnr_family(), kFromHost, bytes(response("8000")));
}

}  // namespace
}  // namespace remora::names
