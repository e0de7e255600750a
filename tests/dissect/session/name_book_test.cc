#include "dissect/session/name_book.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::session {
namespace {

using observation::NameKind;
using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

IpAddress address(const char* text) {
  return *IpAddress::parse(text);
}

const auto kClient = address("192.0.2.1");
const auto kOther = address("192.0.2.9");
const auto kServer = address("198.51.100.7");

Instant at(Nanoseconds time, std::uint64_t frame = 1) {
  return {.time = Moment{time}, .frame = FrameNumber{frame}};
}

observation::NameLearned answer(const std::string& name, std::chrono::seconds ttl) {
  return {.address = kServer, .name = name, .kind = NameKind::kDns, .ttl = ttl, .told_to = kClient};
}

std::vector<std::string> texts(const std::vector<EndpointName>& names) {
  std::vector<std::string> out;
  for (const auto& name : names) { out.push_back(name.name); }
  return out;
}

class Names : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> of_server(const IpAddress& peer, Nanoseconds when) const {
    return texts(book_.names_of(kServer, peer, Moment{when}));
  }
  NameBook book_;
};

TEST_F(Names, HoldAsLongAsTheirTtl) {
  book_.learn(answer("srv.corp.example", seconds{60}), at(seconds{100}));
  EXPECT_THAT(of_server(kClient, seconds{160}), ElementsAre("srv.corp.example"));
  EXPECT_THAT(of_server(kClient, seconds{161}), IsEmpty());
}

TEST_F(Names, OfZeroTtlHoldForTheConnectionThatFollows) {
  book_.learn(answer("srv.corp.example", seconds{0}), at(seconds{100}));
  EXPECT_THAT(of_server(kClient, seconds{103}), ElementsAre("srv.corp.example"));
  EXPECT_THAT(of_server(kClient, seconds{110}), IsEmpty());
}

TEST_F(Names, HoldNoLongerThanADayWhateverTheTellerSays) {
  book_.learn(answer("srv.corp.example", seconds{0x7fffffff}), at(seconds{100}));
  EXPECT_THAT(of_server(kClient, hours{23}), ElementsAre("srv.corp.example"));
  EXPECT_THAT(of_server(kClient, hours{25}), IsEmpty());
}

TEST_F(Names, AreKnownToThoseWhoAskedAlone) {
  book_.learn(answer("srv.corp.example", seconds{60}), at(seconds{100}));
  EXPECT_THAT(of_server(kOther, seconds{101}), IsEmpty());
}

TEST_F(Names, ToldToAllAreKnownToAll) {
  book_.learn({.address = kServer, .name = "srv.local", .kind = NameKind::kMdns}, at(seconds{100}));
  EXPECT_THAT(of_server(kOther, seconds{101}), ElementsAre("srv.local"));
}

TEST_F(Names, KeepWhenTheyWereFirstSeenWhenToldAgain) {
  book_.learn(answer("srv.corp.example", seconds{60}), at(seconds{100}, 7));
  book_.learn(answer("srv.corp.example", seconds{60}), at(seconds{150}, 8));
  const auto names = book_.names_of(kServer, kClient, Moment{seconds{205}});
  ASSERT_EQ(names.size(), 1U);
  EXPECT_EQ(names[0].seen, at(seconds{100}, 7));
}

TEST_F(Names, AreForgottenWhenTheirOwnerSaysGoodbye) {
  const observation::NameLearned hello{
      .address = kServer, .name = "srv.local", .kind = NameKind::kMdns, .ttl = seconds{120}};
  auto goodbye = hello;
  goodbye.ttl = seconds{0};
  book_.learn(hello, at(seconds{100}));
  book_.learn(goodbye, at(seconds{101}));
  EXPECT_THAT(of_server(kClient, seconds{102}), IsEmpty());
}

TEST_F(Names, DoNotOutliveTheLeaseOfAnotherHolder) {
  book_.assign({.address = kServer, .holder = "aa", .names = {"old"}, .lease = seconds{3600}},
               at(seconds{100}));
  book_.learn(answer("old.corp.example", seconds{3600}), at(seconds{110}));
  book_.assign({.address = kServer, .holder = "bb", .names = {"new"}, .lease = seconds{3600}},
               at(seconds{200}));
  EXPECT_THAT(of_server(kClient, seconds{201}), ElementsAre("new"));
}

TEST_F(Names, SurviveTheRenewalOfALease) {
  book_.assign({.address = kServer, .holder = "aa", .names = {"host"}, .lease = seconds{100}},
               at(seconds{100}));
  book_.learn(answer("host.corp.example", seconds{3600}), at(seconds{110}));
  book_.assign({.address = kServer, .holder = "aa", .names = {"host"}, .lease = seconds{100}},
               at(seconds{150}));
  EXPECT_THAT(of_server(kClient, seconds{249}), ElementsAre("host", "host.corp.example"));
}

TEST_F(Names, AreForgottenWhenTheAddressIsReleased) {
  book_.learn(answer("srv.corp.example", seconds{60}), at(seconds{100}));
  book_.release(kServer, at(seconds{100}));
  EXPECT_THAT(of_server(kClient, seconds{101}), IsEmpty());
}

TEST_F(Names, OfAMachineThatAsksForAnAddressBecomeThoseOfTheAddress) {
  book_.learn_host("aa", {"ws-anna"}, at(seconds{99}));
  book_.assign({.address = kServer, .holder = "aa", .names = {}, .lease = seconds{60}},
               at(seconds{100}));
  EXPECT_THAT(of_server(kOther, seconds{101}), ElementsAre("ws-anna"));
}

TEST_F(Names, GivenLongBeforeAnAssignmentAreNotOfIt) {
  book_.learn_host("aa", {"ws-anna"}, at(seconds{1}));
  book_.assign({.address = kServer, .holder = "aa", .names = {}, .lease = seconds{60}},
               at(seconds{100}));
  EXPECT_THAT(of_server(kOther, seconds{101}), IsEmpty());
}

TEST_F(Names, OfAnAddressAreBounded) {
  for (int i = 0; i < 1000; ++i) {
    book_.learn(answer("name" + std::to_string(i), seconds{600}), at(seconds{100}));
  }
  EXPECT_LE(of_server(kClient, seconds{101}).size(), 16U);
}

IpAddress numbered(std::uint32_t number) {
  const std::array bytes{std::byte{10}, static_cast<std::byte>(number >> 16U),
                         static_cast<std::byte>(number >> 8U), static_cast<std::byte>(number)};
  return IpAddress::v4(bytes);
}

TEST_F(Names, OfAPopularServerAreKnownToAllWhoAsked) {
  for (std::uint32_t i = 0; i < 1000; ++i) {
    auto told = answer("srv.corp.example", seconds{600});
    told.told_to = numbered(i);
    book_.learn(told, at(seconds{100}));
  }
  for (const std::uint32_t i : {0U, 500U, 999U}) {
    EXPECT_THAT(of_server(numbered(i), seconds{101}), ElementsAre("srv.corp.example"));
  }
}

TEST_F(Names, ToldToOneDoNotDisplaceThoseToldToOthers) {
  NameBook book{1U << 20U};
  book.learn(answer("srv.corp.example", seconds{600}), at(seconds{100}));
  book.learn({.address = kServer, .name = "srv.local", .kind = NameKind::kMdns}, at(seconds{100}));
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    auto flood = answer("n" + std::to_string(i), seconds{600});
    flood.told_to = kOther;
    flood.address = i % 2 == 0 ? kServer : numbered(i);
    book.learn(flood, at(seconds{100}));
  }
  EXPECT_LE(book.memory_bytes(), 1U << 20U);
  EXPECT_THAT(texts(book.names_of(kServer, kClient, Moment{seconds{101}})),
              ElementsAre("srv.corp.example", "srv.local"));
}

TEST_F(Names, AreBoundedInMemoryWhateverIsTold) {
  constexpr std::size_t kLimit = 1U << 20U;
  NameBook book{kLimit};
  const std::string longest(200, 'x');
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const auto name = longest + std::to_string(i);
    book.learn({.address = numbered(i), .name = name, .kind = NameKind::kMdns}, at(seconds{100}));
    auto told = answer(name, seconds{600});
    told.told_to = numbered(i);
    book.learn(told, at(seconds{100}));
    book.learn_host(name, {name, name}, at(seconds{100}));
    book.assign({.address = numbered(i), .holder = name, .names = {name}, .lease = seconds{60}},
                at(seconds{100}));
    ASSERT_LE(book.memory_bytes(), kLimit) << i;
  }
  EXPECT_GT(book.memory_bytes(), kLimit / 2);
  EXPECT_THAT(book.names_of(numbered(19'999), kClient, Moment{seconds{101}}), ::testing::SizeIs(1));
}

TEST_F(Names, OfWhatAForgottenLeaseMayHaveEndedAreNotBelieved) {
  NameBook book{1U << 16U};
  book.learn(answer("old.corp.example", seconds{6000}), at(seconds{100}));
  book.assign({.address = kServer, .holder = "bb", .names = {}}, at(seconds{101}));
  for (std::uint32_t i = 0; i < 1000; ++i) {
    book.assign({.address = numbered(i), .holder = "cc", .names = {}}, at(seconds{102}));
  }
  EXPECT_THAT(book.names_of(kServer, kClient, Moment{seconds{103}}), IsEmpty());
  EXPECT_TRUE(book.changed_hands_since(kServer, Moment{seconds{100}}, {}));
}

TEST_F(Names, ToldBeforeAnAddressChangedHandsAreNewWhenToldAgain) {
  book_.learn(answer("srv.corp.example", seconds{600}), at(seconds{100}, 1));
  book_.assign({.address = kServer, .holder = "bb", .names = {}}, at(seconds{200}, 2));
  EXPECT_THAT(of_server(kClient, seconds{201}), IsEmpty());
  book_.learn(answer("srv.corp.example", seconds{600}), at(seconds{300}, 3));
  const auto names = book_.names_of(kServer, kClient, Moment{seconds{301}});
  ASSERT_EQ(names.size(), 1U);
  EXPECT_EQ(names[0].seen, at(seconds{300}, 3));
}

TEST_F(Names, KnowSinceWhenAnAddressIsItsHolders) {
  EXPECT_FALSE(book_.changed_hands_since(kServer, Moment{seconds{1}}, {}));
  book_.assign({.address = kServer, .holder = "aa", .names = {}}, at(seconds{100}));
  book_.assign({.address = kServer, .holder = "aa", .names = {}}, at(seconds{200}));
  EXPECT_TRUE(book_.changed_hands_since(kServer, Moment{seconds{99}}, {}));
  EXPECT_TRUE(book_.changed_hands_since(kServer, Moment{seconds{100}}, {}));
  EXPECT_FALSE(book_.changed_hands_since(kServer, Moment{seconds{101}}, {}));
  book_.release(kServer, at(seconds{300}));
  EXPECT_TRUE(book_.changed_hands_since(kServer, Moment{seconds{101}}, {}));
}

constexpr NetworkId kBlue{1};
constexpr NetworkId kGreen{2};

TEST_F(Names, HoldInTheNetworkInWhichTheyWereTold) {
  book_.learn(answer("srv.blue.example", seconds{600}), at(seconds{100}), kBlue);
  const auto in = [&](const Networks& networks) {
    return texts(book_.names_of(kServer, kClient, Moment{seconds{101}}, networks));
  };
  EXPECT_THAT(in({.client = kBlue}), ElementsAre("srv.blue.example"));
  EXPECT_THAT(in({.client = kGreen, .server = kBlue}), ElementsAre("srv.blue.example"));
  EXPECT_THAT(in({.client = kGreen}), IsEmpty());
  EXPECT_THAT(in({}), ElementsAre("srv.blue.example")) << "seen outside of the overlay";
}

TEST_F(Names, OutliveALeaseOfAnotherNetwork) {
  book_.learn(answer("srv.blue.example", seconds{600}), at(seconds{100}), kBlue);
  book_.assign({.address = kServer, .holder = "aa", .names = {}}, at(seconds{101}), kGreen);
  const auto in_blue = Networks{.client = kBlue};
  EXPECT_THAT(texts(book_.names_of(kServer, kClient, Moment{seconds{102}}, in_blue)),
              ElementsAre("srv.blue.example"));
  EXPECT_FALSE(book_.changed_hands_since(kServer, Moment{seconds{100}}, in_blue));
  for (std::uint32_t i = 3; i < 100; ++i) {  // more networks than are told apart
    book_.assign({.address = kServer, .holder = "aa", .names = {}}, at(seconds{103}), NetworkId{i});
  }
  EXPECT_THAT(book_.names_of(kServer, kClient, Moment{seconds{104}}, in_blue), IsEmpty());
}

TEST_F(Names, OfNetBiosAreForgottenByWhoAskedWhenTheirOwnerReleasesThem) {
  auto asked = answer("SRV", seconds{600});
  asked.kind = NameKind::kNbns;
  book_.learn(asked, at(seconds{100}));
  book_.learn({.address = kServer, .name = "SRV", .kind = NameKind::kNbns, .ttl = seconds{0}},
              at(seconds{101}));
  EXPECT_THAT(of_server(kClient, seconds{102}), IsEmpty());
}

TEST_F(Names, LeadToTheOtherAddressesOfAMachine) {
  book_.learn(answer("srv.corp.example", seconds{60}), at(seconds{100}));
  auto second = answer("srv.corp.example", seconds{60});
  second.address = address("2001:db8::7");
  book_.learn(second, at(seconds{100}));
  const auto names = book_.names_of(kServer, kClient, Moment{seconds{101}});
  EXPECT_THAT(book_.alternatives(kServer, names, kClient, Moment{seconds{101}}),
              ElementsAre(address("2001:db8::7")));
  EXPECT_THAT(book_.alternatives(kServer, names, kClient, Moment{seconds{161}}), IsEmpty());
  EXPECT_THAT(book_.alternatives(kServer, names, kOther, Moment{seconds{101}}), IsEmpty());
}

}  // namespace
}  // namespace remora::session
