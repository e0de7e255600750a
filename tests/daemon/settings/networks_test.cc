#include "daemon/settings/networks.h"

#include <cstdlib>

#include "daemon/settings/hosts.h"
#include "tests/daemon/settings/reading.h"

namespace remora::settings {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

IpAddress address(const char* text) {
  return IpAddress::parse(text).value();
}

Hosts hosts_of(config::Map map) {
  auto hosts = read_hosts(map);
  map.done();
  return hosts;
}

TEST(Network, HoldsTheAddressesOfItsPrefix) {
  const auto in = [](const char* network, const char* text) {
    return Network::parse(network).value().contains(address(text));
  };
  EXPECT_TRUE(in("192.0.2.0/24", "192.0.2.255"));
  EXPECT_FALSE(in("192.0.2.0/24", "192.0.3.0"));
  EXPECT_TRUE(in("10.128.0.0/9", "10.255.0.1"));
  EXPECT_FALSE(in("10.128.0.0/9", "10.127.255.255"));
  EXPECT_TRUE(in("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(in("192.0.2.7", "192.0.2.6"));
  EXPECT_TRUE(in("0.0.0.0/0", "203.0.113.1"));
  EXPECT_FALSE(in("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(in("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(in("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(in("::/0", "2001:db8::1"));
  EXPECT_EQ(Network::parse("2001:db8::7").value().to_text(), "2001:db8::7/128");
}

TEST(Network, IsReadStrictly) {
  for (const auto* wrong : {"", "/", "/8", "10", "10.0.0/8", "10.0.0.0/", "10.0.0.0/33",
                            "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/ 8", " 10.0.0.0/8",
                            "10.0.0.0/255.0.0.0", "2001:db8::/129", "fe80::1%eth0", "any"}) {
    EXPECT_FALSE(Network::parse(wrong).has_value()) << wrong;
  }
  EXPECT_EQ(Network::parse("192.0.2.7/24").error(),
            "'192.0.2.7/24' has bits behind its prefix; write 192.0.2.0/24");
  EXPECT_EQ(Network::parse("192.0.2.0/33").error(),
            "'192.0.2.0/33' has no prefix length from 0 to 32");
}

TEST(NetworkSettings, AreTwoLists) {
  EXPECT_EQ(read_good("", read_networks), Networks{});
  const auto networks =
      read_good("of_interest: [192.0.2.0/24, 2001:db8::/32]\nexclude: 192.0.2.7\n", read_networks);
  EXPECT_THAT(networks.of_interest, ElementsAre(Network::parse("192.0.2.0/24").value(),
                                                Network::parse("2001:db8::/32").value()));
  EXPECT_THAT(networks.exclude, ElementsAre(Network::parse("192.0.2.7/32").value()));
}

TEST(NetworkSettings, SayWhichIsWrong) {
  EXPECT_THAT(
      problems_of("of_interest:\n  - 192.0.2.0/24\n  - 192.0.2.0/23\n  - 192.0.2.1/31\n  - x\n",
                  read_networks),
      ElementsAre("r.yaml:4: of_interest: '192.0.2.1/31' has bits behind its prefix; write "
                  "192.0.2.0/31",
                  "r.yaml:5: of_interest: 'x' is no network; write one such as 192.0.2.0/24, "
                  "2001:db8::/32 or 192.0.2.7"));
}

TEST(NetworkSettings, AreBounded) {
  std::string many = "exclude:\n";
  for (int i = 0; i < 1001; ++i) {
    many += "  - 10.0." + std::to_string(i / 256) + '.' + std::to_string(i % 256) + '\n';
  }
  EXPECT_THAT(problems_of(many, read_networks),
              ElementsAre("r.yaml:2: exclude: 1000 at most are wanted"));
}

TEST(HostSettings, AreAddressesWithNames) {
  EXPECT_THAT(read_good("", hosts_of), IsEmpty());
  EXPECT_THAT(
      read_good("hosts:\n  192.0.2.7: files.corp.example\n  2001:db8::7: mail\n  ::1: here\n",
                hosts_of),
      ElementsAre(Pair(address("192.0.2.7"), "files.corp.example"), Pair(address("::1"), "here"),
                  Pair(address("2001:db8::7"), "mail")));
}

TEST(HostSettings, MayBeAList) {
  EXPECT_THAT(
      read_good("hosts:\n  - {address: 192.0.2.7, name: files}\n"
                "  - address: 2001:db8::7\n    name: mail\n",
                hosts_of),
      ElementsAre(Pair(address("192.0.2.7"), "files"), Pair(address("2001:db8::7"), "mail")));
}

TEST(HostSettings, SayWhichIsWrong) {
  EXPECT_THAT(
      problems_of("hosts:\n  192.0.2.7: a b\n  192.0.2: files\n  2001:db8::7: a\n"
                  "  2001:db8:0::7: b\n  192.0.2.9:\n",
                  hosts_of),
      ElementsAre("r.yaml:2: hosts.192.0.2.7: a name of letters, digits, '-', '_' and '.' is "
                  "wanted, at most 255",
                  "r.yaml:3: hosts.192.0.2: an address is wanted, such as 192.0.2.7 or 2001:db8::7",
                  "r.yaml:5: hosts.2001:db8:0::7: the address has a name already",
                  "r.yaml:6: hosts.192.0.2.9: a name of letters, digits, '-', '_' and '.' is "
                  "wanted, at most 255"));
  EXPECT_THAT(
      problems_of("hosts:\n  - {address: x, name: files}\n  - {name: mail, adress: 192.0.2.1}\n",
                  hosts_of),
      ::testing::Contains("r.yaml:3: hosts[1].adress: is not known; did you mean address?"));
  EXPECT_THAT(problems_of("hosts: 7\n", hosts_of),
              ElementsAre("r.yaml:1: hosts: a mapping is wanted"));
}

TEST(HostSettings, AreBounded) {
  std::string many = "hosts:\n";
  for (int i = 0; i < 10'001; ++i) {
    many += "  10.0." + std::to_string(i / 256) + '.' + std::to_string(i % 256) + ": a\n";
  }
  EXPECT_THAT(problems_of(many, hosts_of),
              ElementsAre("r.yaml:2: hosts: 10000 at most are wanted"));
}

}  // namespace
}  // namespace remora::settings
