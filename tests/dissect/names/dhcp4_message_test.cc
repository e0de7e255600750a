#include "dissect/names/dhcp4_message.h"

#include <gtest/gtest.h>

#include "tests/dissect/names/dhcp_bytes.h"
#include "tests/support/laws.h"

namespace remora::names {
namespace {

using testing::Dhcp4Bytes;
using Names = std::vector<std::string>;

Dhcp4Message read(const Dhcp4Bytes& bytes) {
  return decode(bytes.bytes(), read_dhcp4_message).value();
}

TEST(Dhcp4Message, SaysWhoAsksForWhat) {
  const auto message = read({.options = "35 01 03" + testing::kRepeatsHardware + "32 04 c000020a" +
                                        testing::kHostNamePc + "ff"});
  EXPECT_EQ(message.op, 1);
  EXPECT_EQ(message.type, DhcpType::kRequest);
  EXPECT_EQ(message.wanted, IpAddress::parse("192.0.2.10"));
  EXPECT_EQ(message.names, Names{"pc"});
  EXPECT_EQ(message.holders(), Names{"02005e100001"}) << "the identifier only repeats chaddr";
}

TEST(Dhcp4Message, KnowsAClientByItsIdentifierToo) {
  EXPECT_EQ(read({.options = "35 01 03 3d 05 ff00000001 ff"}).holders(),
            (Names{"ff00000001", "02005e100001"}));
  EXPECT_EQ(read({.chaddr = "000000000000", .options = "35 01 03 ff"}).holders(), Names{});
}

TEST(Dhcp4Message, HasAnFqdnInBothForms) {
  for (const auto& fqdn : {testing::kFqdnWire, testing::kFqdnText}) {
    EXPECT_EQ(read({.options = "35 01 03" + fqdn + "ff"}).names, Names{"pc.corp.example"});
  }
  EXPECT_EQ(read({.options = "35 01 03 51 06 04 00 00 02 7063 ff"}).names, Names{"pc"})
      << "a partial name, RFC 4702 3.1";
  EXPECT_EQ(read({.options = "35 01 03 51 03 04 00 00 ff"}).names, Names{}) << "no name at all";
}

TEST(Dhcp4Message, JoinsAServersHostNameAndDomain) {
  EXPECT_EQ(
      read({.op = "02", .options = "35 01 05" + testing::kHostNamePc + testing::kDomainCorp + "ff"})
          .names,
      (Names{"pc", "pc.corp.example"}));
  EXPECT_EQ(
      read({.options = "35 01 03" + testing::kHostNamePc + testing::kDomainCorp + "ff"}).names,
      Names{"pc"})
      << "a client does not know";
}

TEST(Dhcp4Message, GoesOnInFileAndServerName) {
  const auto message = read({.sname = testing::kLeaseHour + "ff" + std::string(114, '0'),
                             .file = "0c02 7063 ff" + std::string(246, '0'),
                             .options = "35 01 05 34 01 03 ff"});
  EXPECT_EQ(message.names, Names{"pc"});
  EXPECT_EQ(message.lease, std::chrono::seconds{3600});
}

TEST(Dhcp4Message, PutsPartsOfAnOptionTogether) {
  EXPECT_EQ(read({.options = "35 01 03 0c 01 70 00 0c 01 63 ff"}).names, Names{"pc"});
}

TEST(Dhcp4Message, DropsNamesThatAreNone) {
  EXPECT_EQ(read({.options = "35 01 03 0c 03 612062 ff"}).names, Names{});
  EXPECT_EQ(read({.options = "35 01 03 0c 03 706300 ff"}).names, Names{"pc"}) << "NUL at its end";
}

TEST(Dhcp4Message, HasNoLeaseWhereItIsForEver) {
  EXPECT_EQ(read({.options = "35 01 05 33 04 ffffffff ff"}).lease, std::nullopt);
}

TEST(Dhcp4Message, ObeysTheLawsOfReaders) {
  const Dhcp4Bytes good{
      .file = "0c02 7063 ff" + std::string(246, '0'),
      .options = "35 01 05 34 01 01" + testing::kFqdnWire + testing::kLeaseHour + "ff"};
  remora::testing::expect_reader_laws(good.bytes(), read_dhcp4_message);
}

}  // namespace
}  // namespace remora::names
