#include "dissect/names/dhcp4.h"

#include "dissect/names/family.h"
#include "tests/dissect/names/dhcp_bytes.h"
#include "tests/dissect/names/told.h"

namespace remora::names {
namespace {

using testing::Dhcp4Bytes;
using testing::told;
using testing::Words;

constexpr testing::Sent kFromNobody{.source = "0.0.0.0",
                                    .source_port = 68,
                                    .destination = "255.255.255.255",
                                    .destination_port = 67};
constexpr testing::Sent kFromClient{
    .source = "192.0.2.10", .source_port = 68, .destination = "192.0.2.1", .destination_port = 67};
constexpr testing::Sent kFromServer{
    .source = "192.0.2.1", .source_port = 67, .destination = "192.0.2.10", .destination_port = 68};

Words told_by(const testing::Sent& sent, const Dhcp4Bytes& bytes) {
  return told(dhcp4_family(), sent, bytes.bytes());
}

TEST(Dhcp4, TellsWhatAMachineCallsItself) {
  for (const auto* type : {"01", "03"}) {
    EXPECT_EQ(told_by(kFromNobody, {.options = "35 01" + std::string{type} + "32 04 c000020a" +
                                               testing::kHostNamePc + "ff"}),
              Words{"dhcp.request: 02005e100001 calls itself pc"});
  }
}

TEST(Dhcp4, NamesTheAddressThatAMachineHas) {
  EXPECT_EQ(
      told_by(kFromClient,
              {.ciaddr = "c000020a", .options = "35 01 03" + testing::kHostNamePc + "ff"}),
      (Words{"dhcp.request: 02005e100001 calls itself pc", "dhcp.host_name: 192.0.2.10 is pc"}))
      << "a renewal";
  EXPECT_EQ(told_by(kFromClient,
                    {.ciaddr = "c000020a", .options = "35 01 08" + testing::kHostNamePc + "ff"}),
            Words{"dhcp.host_name: 192.0.2.10 is pc"})
      << "INFORM";
}

TEST(Dhcp4, DoesNotNameAnAddressFromElsewhere) {
  EXPECT_EQ(told_by(kFromClient,
                    {.ciaddr = "c000020b", .options = "35 01 08" + testing::kHostNamePc + "ff"}),
            Words{});
}

TEST(Dhcp4, TellsWhomAnAddressIsGivenTo) {
  EXPECT_EQ(told_by(kFromServer,
                    {.op = "02",
                     .yiaddr = "c000020a",
                     .options = "35 01 05" + testing::kLeaseHour + testing::kHostNamePc + "ff"}),
            Words{"dhcp.ack: 192.0.2.10 given to 02005e100001 pc for 3600"});
}

TEST(Dhcp4, TellsNothingOfOffersRefusalsAndAnswersToInform) {
  for (const auto* type : {"02", "06"}) {
    EXPECT_EQ(
        told_by(kFromServer,
                {.op = "02", .yiaddr = "c000020a", .options = "35 01" + std::string{type} + "ff"}),
        Words{});
  }
  EXPECT_EQ(told_by(kFromServer, {.op = "02", .options = "35 01 05 ff"}), Words{});
  EXPECT_EQ(told_by(kFromClient, {.op = "02", .yiaddr = "c000020a", .options = "35 01 05 ff"}),
            Words{})
      << "not from a server's port";
}

TEST(Dhcp4, TellsWhatIsGivenBack) {
  EXPECT_EQ(told_by(kFromClient, {.ciaddr = "c000020a", .options = "35 01 07 ff"}),
            Words{"dhcp.release: 192.0.2.10 given back"});
  EXPECT_EQ(told_by(kFromNobody, {.options = "35 01 04 32 04 c000020a ff"}),
            Words{"dhcp.decline: 192.0.2.10 given back"});
  EXPECT_EQ(told_by(kFromNobody, {.options = "35 01 04 ff"}), Words{});
}

TEST(Dhcp4, IsRecognisedByPortsAndCookie) {
  auto bytes = Dhcp4Bytes{.options = "35 01 07 ff"}.bytes();
  EXPECT_TRUE(recognise_dhcp4(to_datagram(kFromClient, bytes)));
  auto elsewhere = kFromClient;
  elsewhere.source_port = 1068;
  EXPECT_FALSE(recognise_dhcp4(to_datagram(elsewhere, bytes)));
  bytes[236] ^= std::byte{1};
  EXPECT_FALSE(recognise_dhcp4(to_datagram(kFromClient, bytes)));
}

TEST(Dhcp4, DoesNoHarmWhenDamaged) {
  testing::expect_harmless_when_damaged(
      dhcp4_family(), kFromServer,
      Dhcp4Bytes{.op = "02",
                 .yiaddr = "c000020a",
                 .options = "35 01 05 34 01 03" + testing::kFqdnText + testing::kLeaseHour + "ff"}
          .bytes());
}

}  // namespace
}  // namespace remora::names
