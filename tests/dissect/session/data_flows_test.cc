#include "dissect/session/data_flows.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/session/tracker.h"

namespace remora::session {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Moment kStart{seconds{1'700'000'000}};
constexpr auto kServer = "192.0.2.25";
constexpr auto kClient = "192.0.2.7";

[[nodiscard]] FlowFacts flow(std::uint64_t id, const char* from, std::uint16_t from_port,
                             const char* to, std::uint16_t to_port) {
  FlowFacts facts{.id = FrameNumber{id}, .initiator_known = true, .sides = {}};
  facts.sides[0].address = {*IpAddress::parse(from), Port{from_port}};
  facts.sides[1].address = {*IpAddress::parse(to), Port{to_port}};
  return facts;
}

[[nodiscard]] observation::Ticket ticket(std::uint8_t key) {
  observation::Ticket made{.format = observation::Ticket::Format::kXp, .user_name = "nils"};
  made.key.fill(std::byte{key});
  return made;
}

class DataConnections : public ::testing::Test {
 protected:
  void say(const FlowFacts& on, Side from, Observation what, Nanoseconds after = {}) {
    tracker_.observe(on,
                     {.at = {.time = kStart + after, .frame = FrameNumber{++frame_}},
                      .from = from,
                      .rule = "test",
                      .what = std::move(what)},
                     news_);
  }
  void announce(std::uint16_t port, const char* path, Side listener = Side::kAcceptor,
                Nanoseconds after = {}, bool is_named_ticket = false) {
    say(flow(1, kClient, 40000, kServer, 21), Side::kInitiator,
        observation::DataFlowExpected{
            .listener = listener,
            .port = Port{port},
            .carriage = {.protocol = "FTP", .file_name = path + 1, .place = path},
            .is_named_ticket = is_named_ticket},
        after);
  }
  void find_ticket(const FlowFacts& on, std::uint8_t key, Nanoseconds after = {}) {
    say(on, Side::kInitiator,
        observation::TicketSeen{.ticket = ticket(key),
                                .carriage = {.protocol = DataFlows::kUnannounced}},
        after);
  }
  void refuse(const FlowFacts& on, bool if_named) {
    say(on, Side::kInitiator,
        observation::TicketRefused{.error = "truncated",
                                   .carriage = {.protocol = DataFlows::kUnannounced},
                                   .digest = ticket(static_cast<std::uint8_t>(frame_)).key,
                                   .if_named = if_named});
  }
  void remove(const char* path) {
    say(flow(3, "192.0.2.8", 40001, kServer, 21), Side::kInitiator,
        observation::CopyDeleted{.ticket = {}, .carriage = {.protocol = "FTP", .place = path}});
  }
  /// "created FTP a; deleted; "
  [[nodiscard]] std::string told() const {
    std::string text;
    for (const auto& event : news_) {
      const auto& what = std::get<TicketEvent>(event).what;
      if (const auto* created = std::get_if<TicketCreated>(&what)) {
        const auto& carriage = created->carrier.carriage;
        text += std::string{"created "} + carriage.protocol + " " + carriage.file_name + "; ";
      }
      if (std::holds_alternative<TicketDeleted>(what)) { text += "deleted; "; }
      if (const auto* rejected = std::get_if<TicketRejected>(&what)) {
        const auto& carriage = rejected->carrier.carriage;
        text += std::string{"rejected "} + carriage.protocol + " " + carriage.file_name + "; ";
      }
    }
    return text;
  }

  Tracker tracker_;
  Events news_;
  std::uint64_t frame_{0};
};

TEST_F(DataConnections, TakeTheNameThatWasAnnounced) {
  announce(50001, "/a");
  find_ticket(flow(2, kClient, 41000, kServer, 50001), 1);
  EXPECT_EQ(told(), "created FTP a; ");
  remove("/b");
  EXPECT_EQ(told(), "created FTP a; ");
  remove("/a");
  EXPECT_EQ(told(), "created FTP a; deleted; ");
}

TEST_F(DataConnections, MayBeCapturedBeforeTheirAnnouncement) {
  find_ticket(flow(2, kClient, 41000, kServer, 50001), 1);
  EXPECT_EQ(told(), "");
  announce(50001, "/a", Side::kAcceptor, milliseconds{10});
  EXPECT_EQ(told(), "created FTP a; ");
}

TEST_F(DataConnections, GoOnWithoutANameThatNeverComes) {
  find_ticket(flow(2, kClient, 41000, kServer, 50001), 1);
  announce(50002, "/a");
  tracker_.advance(kStart + seconds{2}, news_);
  EXPECT_EQ(told(), "");
  tracker_.advance(kStart + seconds{3}, news_);
  EXPECT_EQ(told(), "created TCP ; ");
  find_ticket(flow(4, kClient, 41001, kServer, 50003), 2);
  tracker_.finish(news_);
  EXPECT_EQ(told(), "created TCP ; created TCP ; ");
}

TEST_F(DataConnections, AreRefusedForTheirNameOnlyWhereItIsThatOfATicket) {
  const auto on = [](std::uint16_t port) { return flow(port, kClient, 41000, kServer, port); };
  announce(50001, "/a", Side::kAcceptor, {}, true);
  refuse(on(50001), true);
  EXPECT_EQ(told(), "rejected FTP a; ");
  announce(50002, "/b");
  refuse(on(50002), true);
  refuse(on(50003), true);
  announce(50003, "/c", Side::kAcceptor, milliseconds{10}, true);
  EXPECT_EQ(told(), "rejected FTP a; rejected FTP c; ");
  refuse(on(50004), true);
  announce(50004, "/d", Side::kAcceptor, milliseconds{10});
  refuse(on(50005), true);
  tracker_.advance(kStart + seconds{3}, news_);
  refuse(on(50006), true);
  refuse(on(50007), false);
  tracker_.finish(news_);
  EXPECT_EQ(told(), "rejected FTP a; rejected FTP c; rejected TCP ; ");
}

TEST_F(DataConnections, LieOnTheServerThatWasAskedWhoeverConnects) {
  // Active: the server connects to the client's port.
  announce(50001, "/a", Side::kInitiator);
  find_ticket(flow(2, kServer, 20, kClient, 50001), 1);
  remove("/a");
  EXPECT_EQ(told(), "created FTP a; deleted; ");
}

TEST_F(DataConnections, NeedAnAnnouncementThatStillHolds) {
  announce(50001, "/a");
  find_ticket(flow(2, kClient, 41000, kServer, 50001), 1, minutes{3});
  tracker_.finish(news_);
  EXPECT_EQ(told(), "created TCP ; ");
}

TEST_F(DataConnections, FollowWhatIsMovedWithItsFolder) {
  announce(50001, "/pub/a");
  find_ticket(flow(2, kClient, 41000, kServer, 50001), 1);
  const auto control = flow(1, kClient, 40000, kServer, 21);
  say(control, Side::kInitiator,
      observation::CopyMoved{.carriage = {.protocol = "FTP", .place = "/pub"},
                             .new_place = "/old"});
  remove("/pub/a");
  EXPECT_EQ(told(), "created FTP pub/a; ");
  remove("/ol");
  EXPECT_EQ(told(), "created FTP pub/a; ");
  remove("/old");
  EXPECT_EQ(told(), "created FTP pub/a; deleted; ");
}

TEST(DataFlowsLimits, ForgetTheOldest) {
  DataFlows flows;
  const auto control = flow(1, kClient, 40000, kServer, 21);
  for (std::size_t count = 0; count < DataFlows::kMaxExpected + 5; ++count) {
    const auto port = static_cast<std::uint16_t>(1 + count % 60'000);
    (void)flows.expect(control, {.at = {.time = kStart + milliseconds{count}},
                                 .from = Side::kInitiator,
                                 .rule = "test",
                                 .what = observation::DataFlowExpected{.listener = Side::kAcceptor,
                                                                       .port = Port{port}}});
  }
  EXPECT_EQ(flows.expected(), DataFlows::kMaxExpected);
  std::size_t given_back = 0;
  for (std::size_t count = 0; count < DataFlows::kMaxHeld + 5; ++count) {
    given_back +=
        flows
            .take_in(flow(2, kClient, 41000, kServer, 65000),
                     {.at = {.time = kStart},
                      .from = Side::kInitiator,
                      .rule = "test",
                      .what = observation::TicketSeen{.ticket = ticket(1),
                                                      .carriage = {.protocol =
                                                                       DataFlows::kUnannounced}}})
            .size();
  }
  EXPECT_EQ(given_back, 5U);
  EXPECT_EQ(flows.held(), DataFlows::kMaxHeld);
  (void)flows.advance(kStart + minutes{10});
  EXPECT_EQ(flows.expected(), 0U);
  EXPECT_EQ(flows.held(), 0U);
}

}  // namespace
}  // namespace remora::session
