#include "dissect/names/dns.h"

#include "dissect/names/family.h"
#include "tests/dissect/names/dns_bytes.h"
#include "tests/dissect/names/told.h"

namespace remora::names {
namespace {

using testing::bytes;
using testing::told;
using testing::Words;

constexpr testing::Sent kFromServer{.source = "203.0.113.53",
                                    .source_port = 53,
                                    .destination = "192.0.2.10",
                                    .destination_port = 53124};

TEST(DnsDatagram, TellsTheAnswerToWhoAsked) {
  EXPECT_EQ(told(dns_family(), kFromServer, bytes(testing::kAnswer)),
            Words{"dns.answer: 198.51.100.20 is rds01.corp.example for 300 to 192.0.2.10"});
}

TEST(DnsDatagram, TellsNothingUnasked) {
  auto sent = kFromServer;
  sent.awaited = false;
  EXPECT_EQ(told(dns_family(), sent, bytes(testing::kAnswer)), Words{});
}

TEST(DnsDatagram, TellsNothingThatIsNotAServers) {
  auto sent = kFromServer;
  std::swap(sent.source_port, sent.destination_port);
  EXPECT_EQ(told(dns_family(), sent, bytes(testing::kAnswer)), Words{});
}

TEST(DnsDatagram, IgnoresWhatNobodyAskedForInTheAdditionalSection) {
  EXPECT_EQ(told(dns_family(), kFromServer,
                 bytes(testing::header("8180", "0000", "0001") + testing::kAsksForA +
                       "c00c 0001 0001 0000012c 0004 c6336414")),
            Words{});
}

TEST(DnsDatagram, IsRecognisedByPortAndShape) {
  const auto answer = bytes(testing::kAnswer);
  EXPECT_TRUE(recognise_dns_datagram(to_datagram(kFromServer, answer)));
  EXPECT_TRUE(recognise_dns_datagram(to_datagram(kFromServer, bytes(testing::kQuery))));
  auto elsewhere = kFromServer;
  elsewhere.source_port = 5300;
  EXPECT_FALSE(recognise_dns_datagram(to_datagram(elsewhere, answer)));
  EXPECT_FALSE(recognise_dns_datagram(to_datagram(kFromServer, bytes("1a2b 8180 0001"))));
  EXPECT_FALSE(recognise_dns_datagram(
      to_datagram(kFromServer, bytes("1a2b 81c0 0001 0000 0000 0000 00 0001 0001"))))
      << "Z is set";
}

TEST(DnsDatagram, DoesNoHarmWhenDamaged) {
  testing::expect_harmless_when_damaged(dns_family(), kFromServer, bytes(testing::kAnswer));
}

}  // namespace
}  // namespace remora::names
