// Which session uses which Remote Assistance ticket.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/session/tracker.h"
#include "tests/support/session_events.h"

namespace remora::session {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Moment kStart{seconds{1'700'000'000}};

class TrackingTickets : public ::testing::Test {
 protected:
  static FlowFacts flow(std::uint64_t id, const char* from, const char* to, std::uint16_t port) {
    FlowFacts facts{.id = FrameNumber{id}, .initiator_known = true, .sides = {}};
    facts.sides[0].address = {*IpAddress::parse(from), Port{50000}};
    facts.sides[1].address = {*IpAddress::parse(to), Port{port}};
    return facts;
  }
  void see(const FlowFacts& on, Side from, Observation what, Nanoseconds after = minutes{1}) {
    tracker_.observe(on,
                     {.at = {.time = kStart + after, .frame = FrameNumber{++frame_}},
                      .from = from,
                      .rule = "test",
                      .what = std::move(what)},
                     news_);
    testing::take_sessions(news_, events_);
  }
  /// What is told stays in `news_`.
  void refuse(const char* from, std::uint16_t port, Nanoseconds after = minutes{10}) {
    tracker_.observe(flow(90 + frame_, from, "192.0.2.10", port),
                     {.at = {.time = kStart + after, .frame = FrameNumber{++frame_}},
                      .from = Side::kAcceptor,
                      .rule = "tcp.refused",
                      .what = observation::ConnectionRefused{}},
                     news_);
  }
  void open_session(const char* to = "192.0.2.10") {
    see(flow(2, "192.0.2.77", to, 49672), Side::kInitiator, observation::ConnectionRequested{});
  }
  void see_ticket(std::uint8_t key, std::uint32_t sid = 0) {
    observation::Ticket ticket{.format = observation::Ticket::Format::kVista, .user_name = "carol"};
    ticket.key.fill(std::byte{key});
    ticket.start = kStart;
    ticket.valid = minutes{60};
    ticket.addresses = {{.address = IpAddress::parse("192.0.2.10"), .port = Port{49672}},
                        {.address = IpAddress::parse("10.0.0.5"), .port = Port{49672}},
                        {.name = "novice.corp.example", .port = Port{49672}}};
    ticket.sid = sid;
    ticket.public_key_digest.emplace().fill(std::byte{key});
    see(flow(1, "192.0.2.10", "192.0.2.25", 25), Side::kInitiator,
        observation::TicketSeen{.ticket = ticket, .carriage = {.protocol = "SMTP"}});
  }
  [[nodiscard]] static TicketId id(std::uint8_t key) {
    TicketId made{};
    made.fill(std::byte{key});
    return made;
  }

  Tracker tracker_;
  Events news_;
  std::vector<SessionEvent> events_;
  std::uint64_t frame_{0};
};

TEST_F(TrackingTickets, LinksASessionToTheTicketThatListsItsListener) {
  see_ticket(1);
  see(flow(2, "192.0.2.77", "192.0.2.10", 49672), Side::kInitiator,
      observation::ConnectionRequested{});
  ASSERT_EQ(events_.size(), 2U);
  const auto& opened = events_[0].session;
  EXPECT_EQ(opened.kind, SessionKind::kRemoteAssistance);
  EXPECT_EQ(opened.ticket->ticket, id(1));
  EXPECT_EQ(events_[1].evidence.at(0).rule, "ticket.listener");
  EXPECT_EQ(events_[1].certainty, Certainty::kInferred);
  ASSERT_EQ(opened.users.size(), 1U);
  EXPECT_EQ(opened.users[0].name, "carol");
  ASSERT_EQ(opened.server.names.size(), 1U);
  EXPECT_EQ(opened.server.names[0].name, "novice.corp.example");
}

observation::ClientSettings asking_for(const char* channel) {
  observation::ClientSettings settings;
  settings.channels.push_back({.name = channel});
  return settings;
}

TEST_F(TrackingTickets, TakesTheGuessBackWhereTheClientWantsNoneOfItsChannels) {
  see_ticket(1);
  open_session();
  see(flow(2, "192.0.2.77", "192.0.2.10", 49672), Side::kInitiator, asking_for("rdpdr"));
  const auto& last = events_.back();
  EXPECT_EQ(last.evidence.at(0).rule, "infer.assistance.no_channels");
  EXPECT_EQ(last.session.kind, SessionKind::kRdp);
  EXPECT_FALSE(last.session.ticket.has_value());
  EXPECT_TRUE(last.session.users.empty());
}

TEST_F(TrackingTickets, KeepsTheGuessWhereItsChannelsMayBeDynamic) {
  see_ticket(1);
  open_session();
  for (const auto* name : {"drdynvc", "remdesk"}) {
    see(flow(2, "192.0.2.77", "192.0.2.10", 49672), Side::kInitiator, asking_for(name));
    EXPECT_EQ(events_.back().session.kind, SessionKind::kRemoteAssistance);
  }
}

TEST_F(TrackingTickets, LinksNothingToAnotherPort) {
  see_ticket(1);
  see(flow(2, "192.0.2.77", "192.0.2.10", 3389), Side::kInitiator,
      observation::ConnectionRequested{});
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].session.kind, SessionKind::kRdp);
  EXPECT_FALSE(events_[0].session.ticket.has_value());
}

TEST_F(TrackingTickets, KnowsAnExpertTicketByWhoWaited) {
  see_ticket(1);
  // The novice dials, and the one who was called sends the request.
  see(flow(2, "192.0.2.77", "192.0.2.10", 49672), Side::kAcceptor,
      observation::ConnectionRequested{});
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_TRUE(events_[0].session.reverse);
  tracker_.advance(kStart + minutes{61}, news_);
  ASSERT_EQ(news_.size(), 1U);
  const auto& expired = std::get<TicketEvent>(news_[0]);
  EXPECT_EQ(expired.ticket->reverse_connect, true);
  EXPECT_EQ(expired.ticket->times_used, 1U);
}

TEST_F(TrackingTickets, BelievesThePreconnectionIdBeforeTheListener) {
  see_ticket(1, 77);
  see_ticket(2, 88);  // the same listener
  const auto on = flow(2, "192.0.2.77", "192.0.2.10", 49672);
  see(on, Side::kInitiator, observation::Preconnection{.id = 77, .blob = {}});
  see(on, Side::kInitiator, observation::ConnectionRequested{});
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(events_[0].session.ticket->ticket, id(1));
  EXPECT_EQ(events_[1].evidence.at(0).rule, "ticket.preconnection_id");
}

TEST_F(TrackingTickets, EndsOneWhosePortRefusesAfterItWasOpen) {
  see_ticket(1);
  open_session();
  EXPECT_TRUE(news_.empty());
  refuse("192.0.2.77", 49673);
  EXPECT_TRUE(news_.empty()) << "another port";
  // However many ask, from wherever.
  for (const auto* from : {"192.0.2.77", "192.0.2.78", "192.0.2.79"}) { refuse(from, 49672); }
  ASSERT_EQ(news_.size(), 1U);
  const auto& event = std::get<TicketEvent>(news_[0]);
  EXPECT_EQ(std::get<TicketDeleted>(event.what).how, TicketDeleted::How::kListenerClosed);
  EXPECT_EQ(event.certainty, Certainty::kInferred);
  EXPECT_EQ(event.confidence, 0.8);
  EXPECT_EQ(event.ticket->id, id(1));
  EXPECT_EQ(event.ticket->times_used, 1U);
  tracker_.advance(kStart + minutes{61}, news_);
  EXPECT_EQ(news_.size(), 1U) << "a ticket ends once";
}

TEST_F(TrackingTickets, SaysNothingOfAPortThatNeverAnswered) {
  see_ticket(1);
  refuse("192.0.2.77", 49672);
  // At another of its addresses it did.
  open_session("10.0.0.5");
  refuse("192.0.2.77", 49672);
  EXPECT_TRUE(news_.empty());
}

TEST_F(TrackingTickets, SaysNothingOfThePortOfOneThatIsOver) {
  see_ticket(1);
  open_session();
  refuse("192.0.2.77", 49672, minutes{61});
  EXPECT_TRUE(news_.empty());
}

TEST_F(TrackingTickets, BelievesTheNewerHashOfTheServersKeyFirst) {
  const auto see_keyed = [&](std::uint8_t key, std::uint8_t kh, std::uint8_t kh2) {
    observation::Ticket ticket{.format = observation::Ticket::Format::kConnectionString2};
    ticket.key.fill(std::byte{key});
    ticket.public_key_digest.emplace().fill(std::byte{kh});
    ticket.public_key_sha256.emplace().fill(std::byte{kh2});
    see(flow(1, "192.0.2.10", "192.0.2.25", 25), Side::kInitiator,
        observation::TicketSeen{.ticket = ticket, .carriage = {.protocol = "SMTP"}});
  };
  see_keyed(1, 1, 9);
  see_keyed(2, 1, 2);
  see_keyed(3, 3, 8);
  const auto linked = [&](std::uint64_t on, std::uint8_t kh, std::uint8_t kh2) {
    const auto session = flow(on, "192.0.2.77", "192.0.2.10", 40000);
    see(session, Side::kInitiator, observation::ConnectionRequested{});
    observation::ServerSettings settings;
    settings.public_key_digest.emplace().fill(std::byte{kh});
    settings.public_key_sha256.emplace().fill(std::byte{kh2});
    see(session, Side::kAcceptor, settings);
    EXPECT_EQ(events_.back().evidence.at(0).rule, "ticket.public_key");
    return events_.back().session.ticket->ticket;
  };
  EXPECT_EQ(linked(2, 1, 2), id(2));
  EXPECT_EQ(linked(3, 1, 9), id(1));
  EXPECT_EQ(linked(4, 3, 7), id(3)) << "by KH alone";
}

TEST_F(TrackingTickets, ChangesItsMindWhenTheServersKeyNamesAnother) {
  see_ticket(1);
  see_ticket(2);
  const auto on = flow(2, "192.0.2.77", "192.0.2.10", 49672);
  see(on, Side::kInitiator, observation::ConnectionRequested{});
  EXPECT_EQ(events_.back().session.ticket->ticket, id(2)) << "the latest";
  observation::ServerSettings settings;
  settings.public_key_digest.emplace().fill(std::byte{1});
  see(on, Side::kAcceptor, settings);
  EXPECT_EQ(events_.back().session.ticket->ticket, id(1));
  EXPECT_EQ(events_.back().evidence.at(0).rule, "ticket.public_key");
  tracker_.advance(kStart + minutes{61}, news_);
  ASSERT_EQ(news_.size(), 2U);
  for (const auto& event : news_) {
    const auto& ticket = *std::get<TicketEvent>(event).ticket;
    EXPECT_EQ(ticket.times_used, ticket.id == id(1) ? 1U : 0U);
  }
}

}  // namespace
}  // namespace remora::session
