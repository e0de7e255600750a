#include "dissect/session/ticket_book.h"

#include <chrono>
#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::session {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Moment kStart{seconds{1'700'000'000}};

FlowFacts mail(const char* from = "192.0.2.10") {
  FlowFacts facts{.id = FrameNumber{1}, .initiator_known = true, .sides = {}};
  facts.sides[0].address = {*IpAddress::parse(from), Port{40000}};
  facts.sides[1].address = {*IpAddress::parse("192.0.2.25"), Port{25}};
  return facts;
}

observation::Ticket ticket(std::uint8_t key, std::uint16_t port = 49672) {
  observation::Ticket made{.format = observation::Ticket::Format::kVista, .user_name = "carol"};
  made.key.fill(std::byte{key});
  made.start = kStart;
  made.valid = minutes{60};
  made.addresses = {{.address = IpAddress::parse("192.0.2.10"), .port = Port{port}},
                    {.name = "novice.corp.example", .port = Port{port}}};
  made.sid = 305419896 + key;
  return made;
}

class Book : public ::testing::Test {
 protected:
  void see(const observation::Ticket& seen, Nanoseconds after = minutes{1},
           observation::Carriage carriage = {.protocol = "SMTP"}) {
    book_.on_seen(
        mail(),
        finding(after, observation::TicketSeen{.ticket = seen, .carriage = std::move(carriage)}),
        events_);
  }
  void remove(observation::CopyDeleted deleted, Nanoseconds after) {
    book_.on_copy_deleted(mail("192.0.2.99"), finding(after, std::move(deleted)), events_);
  }
  Finding finding(Nanoseconds after, Observation what) {
    return {.at = now(after), .from = Side::kInitiator, .rule = "test", .what = std::move(what)};
  }
  Instant now(Nanoseconds after) {
    return {.time = kStart + after, .frame = FrameNumber{++frames_}};
  }
  [[nodiscard]] const TicketEvent& event(std::size_t index) const {
    return std::get<TicketEvent>(events_.at(index));
  }
  static TicketId id(std::uint8_t key) {
    TicketId made{};
    made.fill(std::byte{key});
    return made;
  }

  TicketBook book_;
  Events events_;
  std::uint64_t frames_{0};
};

TEST_F(Book, TellsATicketOnceHoweverOftenItIsCopied) {
  see(ticket(1));
  see(ticket(1), minutes{2}, {.protocol = "POP3", .file_name = "Invitation.msrcIncident"});
  ASSERT_THAT(events_, SizeIs(1));
  EXPECT_TRUE(std::holds_alternative<TicketCreated>(event(0).what));
  EXPECT_EQ(event(0).ticket->id, id(1));
  EXPECT_THAT(book_.find(id(1))->carriers, SizeIs(2));
}

TEST_F(Book, SaysWhetherATicketWasReadWithTheOperatorsPassword) {
  see(ticket(1));
  auto opened = ticket(2);
  opened.decrypted = true;
  see(opened);
  ASSERT_THAT(events_, SizeIs(2));
  EXPECT_EQ(event(0).certainty, Certainty::kObserved);
  EXPECT_EQ(event(1).certainty, Certainty::kDecrypted);
}

TEST_F(Book, TellsWhenItsValidityRanOut) {
  see(ticket(1));
  book_.use(id(1), false, {}, {});
  book_.advance(kStart + minutes{59}, events_);
  EXPECT_THAT(events_, SizeIs(1));
  book_.advance(kStart + minutes{61}, events_);
  ASSERT_THAT(events_, SizeIs(2));
  EXPECT_TRUE(std::holds_alternative<TicketExpired>(event(1).what));
  EXPECT_EQ(event(1).at.time, kStart + minutes{60});
  EXPECT_EQ(event(1).ticket->times_used, 1U);
  EXPECT_EQ(event(1).ticket->reverse_connect, false);
  EXPECT_EQ(event(1).evidence.at(0).frame, FrameNumber{1});
  book_.advance(kStart + hours{20}, events_);
  EXPECT_THAT(events_, SizeIs(2));
}

TEST_F(Book, TellsAtOnceThatATicketHadRunOutBeforeItWasSeen) {
  see(ticket(1), hours{3});
  book_.advance(kStart + hours{3} + seconds{1}, events_);
  ASSERT_THAT(events_, SizeIs(2));
  EXPECT_EQ(event(1).at.time, kStart + hours{3});
  EXPECT_EQ(event(1).evidence.at(0).note, "ran out before it was seen");
}

TEST_F(Book, KnowsACopyByItsPlaceOnTheServer) {
  see(ticket(1), minutes{1}, {.protocol = "SMB", .place = "\\\\help\\a.msrcIncident"});
  see(ticket(2), minutes{1}, {.protocol = "SMB", .place = "\\\\help\\b.msrcIncident"});
  events_.clear();
  remove({.carriage = {.protocol = "SMB", .place = "\\\\help\\c.msrcIncident"}}, minutes{2});
  EXPECT_THAT(events_, IsEmpty());
  remove({.carriage = {.protocol = "SMB", .place = "\\\\help\\b.msrcIncident"}}, minutes{3});
  ASSERT_THAT(events_, SizeIs(1));
  EXPECT_EQ(event(0).ticket->id, id(2));
  EXPECT_EQ(std::get<TicketDeleted>(event(0).what).how, TicketDeleted::How::kCarrierCopyDeleted);
}

TEST_F(Book, EndsATicketOnce) {
  see(ticket(1));
  events_.clear();
  remove({.ticket = ticket(1).key, .carriage = {.protocol = "POP3"}}, minutes{2});
  remove({.ticket = ticket(1).key, .carriage = {.protocol = "POP3"}}, minutes{3});
  book_.withdraw(id(1), TicketDeleted::How::kStoppedByUser, mail(), {}, now(minutes{4}), {},
                 events_);
  book_.advance(kStart + hours{2}, events_);
  EXPECT_THAT(events_, SizeIs(1));
}

TEST_F(Book, LinksAListenerWhileTheTicketIsValid) {
  see(ticket(1));
  const SocketAddress listener{*IpAddress::parse("192.0.2.10"), Port{49672}};
  const auto link = book_.by_listener(listener, now(minutes{5}));
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->ticket, id(1));
  EXPECT_EQ(link->confidence, 0.9);  // protocols-ra.md 1.6
  EXPECT_FALSE(book_.by_listener({listener.address, Port{49671}}, now(minutes{5})).has_value());
  EXPECT_FALSE(book_.by_listener(listener, now(minutes{61})).has_value());
}

TEST_F(Book, PrefersTheLatestOfTwoTicketsForOneListener) {
  see(ticket(9));
  see(ticket(1), minutes{2});
  const SocketAddress listener{*IpAddress::parse("192.0.2.10"), Port{49672}};
  EXPECT_EQ(book_.by_listener(listener, now(minutes{5}))->ticket, id(1));
}

TEST_F(Book, LinksAPreconnectionIdButNeverZero) {
  auto without = ticket(1);
  without.sid = 0;
  see(without);
  see(ticket(2));
  EXPECT_FALSE(book_.by_sid(0, now(minutes{5})).has_value());
  const auto link = book_.by_sid(*ticket(2).sid, now(minutes{5}));
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->ticket, id(2));
  EXPECT_EQ(link->confidence, 0.99);  // protocols-ra.md 1.6
}

TEST_F(Book, RejectsTheSameDocumentOnce) {
  observation::TicketRefused refused{.error = "xml.not_wellformed", .line = 2, .column = 7};
  book_.on_refused(mail(), finding(minutes{1}, refused), events_);
  book_.on_refused(mail(), finding(minutes{2}, refused), events_);
  refused.digest.fill(std::byte{1});
  book_.on_refused(mail(), finding(minutes{3}, refused), events_);
  EXPECT_THAT(events_, SizeIs(2));
}

TEST_F(Book, ForgetsATicketADayAfterItsEnd) {
  see(ticket(1));
  book_.advance(kStart + hours{24}, events_);
  EXPECT_EQ(book_.size(), 1U);
  book_.advance(kStart + hours{26}, events_);
  EXPECT_EQ(book_.size(), 0U);
  EXPECT_FALSE(book_.by_sid(*ticket(1).sid, now(hours{26})).has_value());
  EXPECT_EQ(book_.find(id(1)), nullptr);
}

TEST_F(Book, KeepsNoMoreTicketsThanItsLimit) {
  for (std::size_t number = 0; number < TicketBook::kMaxTickets + 10; ++number) {
    auto made = ticket(0);
    made.key.at(0) = std::byte(number & 0xffU);
    made.key.at(1) = std::byte(number >> 8U & 0xffU);
    made.key.at(2) = std::byte(number >> 16U & 0xffU);
    made.valid = minutes{60} + seconds{number};
    see(made);
  }
  EXPECT_EQ(book_.size(), TicketBook::kMaxTickets);
  EXPECT_EQ(book_.find(id(0)), nullptr) << "the first to run out goes first";
}

}  // namespace
}  // namespace remora::session
