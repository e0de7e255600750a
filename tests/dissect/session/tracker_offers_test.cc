// Offers of Remote Assistance, the tickets and sessions that follow, and how novices are reached.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/session/path.h"
#include "dissect/session/tracker.h"

namespace remora::session {
namespace {

using observation::OfferSeen;
using std::chrono::seconds;
using Step = OfferSeen::Step;

constexpr Moment kStart{seconds{1'700'000'000}};

class TrackingOffers : public ::testing::Test {
 protected:
  static FlowFacts flow(std::uint64_t id, const char* from, const char* to, std::uint16_t port) {
    FlowFacts facts{.id = FrameNumber{id}, .initiator_known = true, .sides = {}};
    facts.sides[0].address = {*IpAddress::parse(from), Port{50000}};
    facts.sides[1].address = {*IpAddress::parse(to), Port{port}};
    return facts;
  }
  void see(const FlowFacts& on, Side from, Observation what) {
    tracker_.observe(on,
                     {.at = {.time = kStart + seconds{++frame_}, .frame = FrameNumber{frame_}},
                      .from = from,
                      .rule = "test",
                      .what = std::move(what)},
                     events_);
  }
  void see_offer(OfferSeen::Service service, bool sealed, Step end = Step::kAnswered) {
    const auto scm = flow(1, "192.0.2.1", "192.0.2.2", 135);
    see(scm, Side::kInitiator,
        OfferSeen{.service = service, .step = Step::kActivation, .logon_user = "helper"});
    see(scm, Side::kAcceptor,
        observation::EndAddresses{
            .whose = Side::kAcceptor,
            .addresses = {*IpAddress::parse("192.0.2.2"), *IpAddress::parse("10.0.0.2")}});
    see(scm, Side::kAcceptor,
        observation::EndNamed{
            .whose = Side::kAcceptor, .name = "NOVICE7", .kind = observation::NameKind::kDcom});
    see(flow(2, "192.0.2.1", "192.0.2.2", 49180), Side::kAcceptor,
        OfferSeen{.service = service, .step = end, .sealed = sealed});
  }
  void see_session(std::uint16_t port, const char* server = "192.0.2.2") {
    see(flow(3, "192.0.2.1", server, port), Side::kInitiator, observation::ConnectionRequested{});
  }
  template <typename Kind>
  std::vector<Kind> told() const {
    std::vector<Kind> found;
    for (const auto& event : events_) {
      if (const auto* one = std::get_if<Kind>(&event)) { found.push_back(*one); }
    }
    return found;
  }

  Tracker tracker_;
  Events events_;
  std::uint64_t frame_{0};
};

TEST_F(TrackingOffers, TellsNamesAndAddressesOfTheNovice) {
  see_offer(OfferSeen::Service::kPchService, false);
  const auto offers = told<OfferEvent>();
  ASSERT_EQ(offers.size(), 1U);
  EXPECT_EQ(offers[0].at.frame, FrameNumber{1});
  ASSERT_EQ(offers[0].offer.novice.names.size(), 1U);
  EXPECT_EQ(offers[0].offer.novice.names[0].source, NameSource::kDcomBinding);
  ASSERT_EQ(offers[0].offer.novice_addresses.size(), 1U);
  EXPECT_EQ(offers[0].offer.novice_addresses[0], IpAddress::parse("10.0.0.2"));
  EXPECT_TRUE(told<TicketEvent>().empty());
}

TEST_F(TrackingOffers, KnowsWhereTheServiceListensFromTheEndpointMapper) {
  const auto ra = OfferSeen::Service::kRaSrv;
  const auto answer = [&](std::uint16_t port) {
    see(flow(2, "192.0.2.1", "192.0.2.2", port), Side::kAcceptor,
        OfferSeen{.service = ra, .step = Step::kAnswered, .sealed = true, .by_port = true});
  };
  answer(49180);
  EXPECT_TRUE(events_.empty()) << "any service may have such a call";
  see(flow(1, "192.0.2.1", "192.0.2.2", 135), Side::kAcceptor,
      OfferSeen{.service = ra, .step = Step::kMapped, .listeners = {Port{49180}}});
  answer(49181);
  EXPECT_TRUE(events_.empty());
  answer(49180);
  EXPECT_EQ(told<TicketEvent>().size(), 1U);
  EXPECT_EQ(told<OfferEvent>().size(), 1U);
}

TEST_F(TrackingOffers, InfersTheTicketOfASealedAnswer) {
  see_offer(OfferSeen::Service::kRaSrv, true);
  const auto tickets = told<TicketEvent>();
  ASSERT_EQ(tickets.size(), 1U);
  EXPECT_EQ(tickets[0].certainty, Certainty::kInferred);
  EXPECT_DOUBLE_EQ(tickets[0].confidence, 0.9);
  EXPECT_EQ(tickets[0].ticket->says.format, observation::Ticket::Format::kConnectionString2);
  EXPECT_EQ(told<OfferEvent>().at(0).offer.ticket, tickets[0].ticket->id);
}

TEST_F(TrackingOffers, LinksTheSessionThatFollows) {
  see_offer(OfferSeen::Service::kRaSrv, true);
  see_session(49672);
  const auto sessions = told<SessionEvent>();
  ASSERT_EQ(sessions.size(), 2U);
  EXPECT_EQ(sessions[0].session.kind, SessionKind::kRemoteAssistance);
  EXPECT_EQ(sessions[0].session.ticket->ticket, told<TicketEvent>().at(0).ticket->id);
  ASSERT_EQ(sessions[0].session.users.size(), 1U);
  EXPECT_EQ(sessions[0].session.users[0].name, "helper");
  EXPECT_EQ(sessions[0].session.users[0].source, UserSource::kNtlm);
  EXPECT_EQ(sessions[1].evidence.at(0).rule, "offer.session");
  EXPECT_DOUBLE_EQ(sessions[1].confidence, 0.9);
  const auto path = make_path(sessions[1].session);
  EXPECT_TRUE(std::ranges::any_of(path, [](const Hop& hop) {
    return hop.role == HopRole::kServerAlternate && hop.address == "10.0.0.2";
  }));
}

TEST_F(TrackingOffers, LinksASessionWithAnotherAddressOfTheNovice) {
  see_offer(OfferSeen::Service::kRaSrv, true);
  see_session(49672, "10.0.0.2");
  EXPECT_EQ(told<SessionEvent>().at(0).session.kind, SessionKind::kRemoteAssistance);
}

TEST_F(TrackingOffers, IsLessSureOfTheTerminalServersPort) {
  see_offer(OfferSeen::Service::kPchService, false);
  see_session(3389);
  const auto sessions = told<SessionEvent>();
  ASSERT_EQ(sessions.size(), 2U);
  EXPECT_EQ(sessions[0].session.kind, SessionKind::kRemoteAssistance);
  EXPECT_DOUBLE_EQ(sessions[1].confidence, 0.8);
}

TEST_F(TrackingOffers, LinksNothingToAnotherPurpose) {
  see_offer(OfferSeen::Service::kRaSrv, true);
  see_session(3389);  // later Windows opens a port of its own
  EXPECT_EQ(told<SessionEvent>().at(0).session.kind, SessionKind::kRdp);
}

TEST_F(TrackingOffers, LinksNothingToARefusal) {
  see_offer(OfferSeen::Service::kPchService, false, Step::kFailed);
  see_session(3389);
  EXPECT_EQ(told<SessionEvent>().at(0).session.kind, SessionKind::kRdp);
  EXPECT_TRUE(told<OfferEvent>().empty());
  tracker_.finish(events_);
  EXPECT_EQ(told<OfferEvent>().size(), 1U);
}

TEST_F(TrackingOffers, TakesTheOneKerberosUserOfTheExpert) {
  see(flow(9, "192.0.2.1", "192.0.2.50", 88), Side::kAcceptor,
      observation::EndAccount{.kind = observation::AccountSeen::Kind::kKerberos,
                              .client = Side::kInitiator,
                              .user = "anna",
                              .domain = "CORP",
                              .service = "host/novice7"});
  see(flow(1, "192.0.2.1", "192.0.2.2", 135), Side::kInitiator,
      OfferSeen{.step = Step::kActivation});
  tracker_.finish(events_);
  const auto offers = told<OfferEvent>();
  ASSERT_EQ(offers.size(), 1U);
  EXPECT_EQ(offers[0].offer.user->name, "anna");
  EXPECT_EQ(offers[0].offer.user->certainty, Certainty::kInferred);
}

TEST_F(TrackingOffers, PutsThePublicSideOfAMappingIntoThePath) {
  const auto router = flow(8, "192.0.2.2", "192.0.2.254", 5000);
  see(router, Side::kAcceptor,
      observation::PublicAddressTold{.address = *IpAddress::parse("203.0.113.7")});
  see(router, Side::kAcceptor,
      observation::PortMappingChanged{.made = true,
                                      .asker = Side::kInitiator,
                                      .protocol = "TCP",
                                      .external_port = Port{50123},
                                      .internal_address = IpAddress::parse("192.0.2.2"),
                                      .internal_port = Port{3389}});
  see_session(3389);
  const auto path = make_path(told<SessionEvent>().at(0).session);
  const auto nat = std::ranges::find(path, HopRole::kNat, &Hop::role);
  ASSERT_NE(nat, path.end());
  EXPECT_EQ(nat->address, "203.0.113.7");
  EXPECT_EQ(nat->port, 50123);
}

TEST_F(TrackingOffers, WithdrawsTheTicketOfARemovedMapping) {
  observation::Ticket ticket{.format = observation::Ticket::Format::kXp};
  ticket.addresses = {{.address = IpAddress::parse("192.0.2.2"), .port = Port{3389}}};
  see(flow(7, "192.0.2.2", "192.0.2.25", 25), Side::kInitiator,
      observation::TicketSeen{.ticket = ticket, .carriage = {.protocol = "SMTP"}});
  const auto router = flow(8, "192.0.2.2", "192.0.2.254", 5000);
  observation::PortMappingChanged mapping{.made = true,
                                          .asker = Side::kInitiator,
                                          .protocol = "TCP",
                                          .external_port = Port{50123},
                                          .internal_address = IpAddress::parse("192.0.2.2"),
                                          .internal_port = Port{3389}};
  see(router, Side::kAcceptor, mapping);
  mapping.made = false;
  see(router, Side::kAcceptor, mapping);
  const auto tickets = told<TicketEvent>();
  ASSERT_EQ(tickets.size(), 2U);
  EXPECT_EQ(std::get<TicketDeleted>(tickets[1].what).how, TicketDeleted::How::kPortMappingRemoved);
}

TEST_F(TrackingOffers, WithdrawsTheTicketOfARevokedName) {
  observation::Ticket ticket{.format = observation::Ticket::Format::kConnectionString2};
  ticket.key.fill(std::byte{7});
  const auto cloud = flow(7, "2001:db8::1", "2001:db8::2", 3540);
  see(cloud, Side::kInitiator,
      observation::TicketSeen{.ticket = ticket,
                              .carriage = {.protocol = "PNRP"},
                              .known = Certainty::kInferred,
                              .confidence = 0.6});
  see(cloud, Side::kInitiator, observation::TicketNameRevoked{.ticket = ticket.key});
  const auto tickets = told<TicketEvent>();
  ASSERT_EQ(tickets.size(), 2U);
  EXPECT_EQ(tickets[0].certainty, Certainty::kInferred);
  EXPECT_EQ(std::get<TicketDeleted>(tickets[1].what).how, TicketDeleted::How::kNameRevoked);
}

}  // namespace
}  // namespace remora::session
