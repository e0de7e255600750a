#include "dissect/names/mdns.h"

#include "dissect/names/family.h"
#include "tests/dissect/names/dns_bytes.h"
#include "tests/dissect/names/told.h"

namespace remora::names {
namespace {

using testing::bytes;
using testing::told;
using testing::Words;

constexpr testing::Sent kAnnounced{.source = "192.0.2.10",
                                   .source_port = 5353,
                                   .destination = "224.0.0.251",
                                   .destination_port = 5353};
const std::string kPcLocal = "02 7063 05 6c6f63616c 00";  // at 12: pc.local
// RFC 6762 18: ID 0, QR and AA; cache-flush in the class.
const std::string kOne = "0000 8400 0000 0001 0000 0000";
const std::string kOwnA = "0001 8001 00000078 0004 c000020a";

TEST(Mdns, TellsEverybodyWhatAMachineSaysOfItself) {
  EXPECT_EQ(told(mdns_family(), kAnnounced, bytes(kOne + kPcLocal + kOwnA)),
            Words{"mdns.answer: 192.0.2.10 is pc.local for 120"});
}

TEST(Mdns, TellsAllAddressesWhereTheSendersIsAmongThem) {
  const auto message = bytes("0000 8400 0000 0001 0000 0001" + kPcLocal + kOwnA +
                             "c00c 001c 8001 00000078 0010 20010db8000000000000000000000014");
  EXPECT_EQ(told(mdns_family(), kAnnounced, message),
            (Words{"mdns.answer: 192.0.2.10 is pc.local for 120",
                   "mdns.answer: 2001:db8::14 is pc.local for 120"}));
}

TEST(Mdns, KnowsTheSenderByItsLinkLocalAddress) {
  auto sent = kAnnounced;
  sent.source = "fe80::14";
  sent.destination = "ff02::fb";
  const auto message =
      bytes(kOne + kPcLocal + "001c 8001 00000078 0010 20010db8000000000000000000000014");
  EXPECT_EQ(told(mdns_family(), sent, message),
            Words{"mdns.answer: 2001:db8::14 is pc.local for 120"});
}

TEST(Mdns, TellsNothingAboutOthers) {
  auto sent = kAnnounced;
  sent.source = "192.0.2.66";
  EXPECT_EQ(told(mdns_family(), sent, bytes(kOne + kPcLocal + kOwnA)), Words{});
  EXPECT_EQ(told(mdns_family(), kAnnounced,
                 bytes("0000 8400 0000 0002 0000 0000" + kPcLocal + kOwnA +
                       "03 737276 c00f 0001 8001 00000078 0004 c0000214")),
            Words{"mdns.answer: 192.0.2.10 is pc.local for 120"})
      << "another name in the same message needs an address of the sender too";
}

TEST(Mdns, TellsOfNoNameBeyondTheLink) {
  EXPECT_EQ(told(mdns_family(), kAnnounced, bytes(kOne + testing::kQuestionName + kOwnA)), Words{});
}

TEST(Mdns, SaysGoodbyeWithATimeToLiveOfZero) {
  EXPECT_EQ(
      told(mdns_family(), kAnnounced, bytes(kOne + kPcLocal + "0001 8001 00000000 0004 c000020a")),
      Words{"mdns.answer: 192.0.2.10 is pc.local for 0"});
}

TEST(Mdns, TellsNothingFromAQueryOrAnotherPort) {
  EXPECT_EQ(
      told(mdns_family(), kAnnounced, bytes("0000 0000 0000 0001 0000 0000" + kPcLocal + kOwnA)),
      Words{});
  auto sent = kAnnounced;
  sent.source_port = 40000;
  EXPECT_EQ(told(mdns_family(), sent, bytes(kOne + kPcLocal + kOwnA)), Words{});
}

TEST(Mdns, IsRecognisedByPortAndShape) {
  const auto message = bytes(kOne + kPcLocal + kOwnA);
  EXPECT_TRUE(recognise_mdns(to_datagram(kAnnounced, message)));
  EXPECT_FALSE(recognise_mdns(to_datagram(kAnnounced, bytes("0000 8400 0000 0000 0000 0000"))));
  auto sent = kAnnounced;
  sent.source_port = sent.destination_port = 5354;
  EXPECT_FALSE(recognise_mdns(to_datagram(sent, message)));
}

TEST(Mdns, DoesNoHarmWhenDamaged) {
  testing::expect_harmless_when_damaged(mdns_family(), kAnnounced, bytes(kOne + kPcLocal + kOwnA));
}

}  // namespace
}  // namespace remora::names
