// What Tracker joins to sessions from beside them.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dissect/session/tracker.h"
#include "tests/support/session_events.h"

namespace remora::session {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

IpAddress address(const char* text) {
  return *IpAddress::parse(text);
}

FlowFacts flow(std::uint64_t id, const char* client, const char* server, std::uint16_t port = 3389,
               Transport transport = Transport::kTcp) {
  FlowFacts facts{
      .id = FrameNumber{id}, .transport = transport, .initiator_known = true, .sides = {}};
  facts.sides[0] = {.address = {address(client), Port{50000}}, .wire_bytes = 100, .packets = 1};
  facts.sides[1] = {.address = {address(server), Port{port}}, .wire_bytes = 10, .packets = 1};
  return facts;
}

constexpr const char* kClient = "192.0.2.1";
constexpr const char* kServer = "192.0.2.2";

class Joining : public ::testing::Test {
 protected:
  void see(const FlowFacts& on, Nanoseconds when, Observation what, Side from = Side::kInitiator) {
    tracker_.observe(on,
                     {.at = {.time = Moment{when}, .frame = FrameNumber{++frame_}},
                      .from = from,
                      .rule = "test",
                      .what = std::move(what)},
                     news_);
    testing::take_sessions(news_, events_);
  }
  void open(const FlowFacts& on, Nanoseconds when,
            const observation::ConnectionRequested& request = {.cookie = "eva"}) {
    see(on, when, request);
  }
  void close(const FlowFacts& on, Nanoseconds when) {
    tracker_.flow_closed(on, {.how = FlowClosure::How::kFin, .at = {.time = Moment{when}}}, news_);
    testing::take_sessions(news_, events_);
  }
  [[nodiscard]] const Session& last() const { return events_.back().session; }
  [[nodiscard]] std::vector<std::string> names(const SessionEnd& end) const {
    std::vector<std::string> out;
    for (const auto& name : end.names) { out.push_back(name.name); }
    return out;
  }

  Tracker tracker_;
  Events news_;
  std::vector<SessionEvent> events_;
  std::uint64_t frame_{0};
};

TEST_F(Joining, OpensWithTheNamesThatWereHeardBefore) {
  see(flow(1, kClient, "192.0.2.53", 53, Transport::kUdp), seconds{1},
      observation::NameLearned{.address = address(kServer),
                               .name = "srv.corp.example",
                               .kind = observation::NameKind::kDns,
                               .ttl = seconds{60},
                               .told_to = address(kClient)});
  EXPECT_THAT(events_, IsEmpty());
  open(flow(2, kClient, kServer), seconds{2});
  EXPECT_EQ(events_.size(), 1U);
  EXPECT_THAT(names(last().server), ElementsAre("srv.corp.example"));
  EXPECT_THAT(names(last().client), IsEmpty());
}

TEST_F(Joining, TellsANameThatIsHeardWhileTheSessionIsOpen) {
  open(flow(2, kClient, kServer), seconds{2});
  see(flow(3, kClient, "224.0.0.251", 5353, Transport::kUdp), seconds{3},
      observation::NameLearned{
          .address = address(kClient), .name = "ws.local", .kind = observation::NameKind::kMdns});
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<Updated>(events_.back().what));
  EXPECT_THAT(names(last().client), ElementsAre("ws.local"));
}

TEST_F(Joining, GivesNoNameToTheSessionOfAnother) {
  open(flow(2, kClient, kServer), seconds{2});
  see(flow(3, "192.0.2.9", "192.0.2.53", 53, Transport::kUdp), seconds{3},
      observation::NameLearned{.address = address(kServer),
                               .name = "other.corp.example",
                               .kind = observation::NameKind::kDns,
                               .told_to = address("192.0.2.9")});
  EXPECT_EQ(events_.size(), 1U);
}

TEST_F(Joining, JoinsAUdpTransportByItsCorrelationId) {
  const std::array<std::byte, 16> id{std::byte{7}};
  open(flow(2, kClient, kServer), seconds{2}, {.correlation_id = id});
  auto udp = flow(3, kClient, "192.0.2.77", 3389, Transport::kUdp);
  see(udp, seconds{60}, observation::UdpTransportRequested{.correlation_id = id});
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_TRUE(last().over_udp);
  EXPECT_EQ(events_.back().certainty, Certainty::kObserved);
  EXPECT_EQ(tracker_.open_sessions(), 1U);
}

TEST_F(Joining, JoinsAUdpTransportOfTheSameEndsThatFollowsAtOnce) {
  open(flow(2, kClient, kServer), seconds{2});
  see(flow(3, kClient, kServer, 3389, Transport::kUdp), seconds{3},
      observation::UdpTransportRequested{});
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(events_.back().certainty, Certainty::kInferred);
}

TEST_F(Joining, OpensASessionForAUdpTransportOfItsOwn) {
  open(flow(2, kClient, kServer), seconds{2});
  see(flow(3, kClient, kServer, 3389, Transport::kUdp), seconds{300},
      observation::UdpTransportRequested{});
  EXPECT_EQ(tracker_.open_sessions(), 2U);
  EXPECT_EQ(last().transport, Transport::kUdp);
}

TEST_F(Joining, CountsAJoinedFlowForItself) {
  const auto tcp = flow(2, kClient, kServer);
  open(tcp, seconds{2});
  auto udp = flow(3, kClient, kServer, 3389, Transport::kUdp);
  see(udp, seconds{3}, observation::UdpTransportRequested{});
  udp.sides[0].wire_bytes = 5000;
  close(udp, seconds{4});
  close(tcp, seconds{5});
  EXPECT_TRUE(std::holds_alternative<Closed>(events_.back().what));
  EXPECT_EQ(last().client_totals.wire_bytes, 100U);
  EXPECT_EQ(last().joined_client_totals.wire_bytes, 5000U);
  EXPECT_EQ(last().joined_server_totals.wire_bytes, 10U);
}

TEST_F(Joining, AddsARouterThatQuotesAnyPacketBetweenTheTwo) {
  open(flow(2, kClient, kServer), seconds{2});
  see(flow(0, kClient, kServer, 33434, Transport::kUdp), seconds{3},
      observation::RouterSeen{.how = observation::RouterSeen::How::kTimeExceeded,
                              .address = address("10.0.0.1")});
  ASSERT_EQ(events_.size(), 2U);
  ASSERT_EQ(last().routers.size(), 1U);
  EXPECT_TRUE(last().routers[0].toward_server);
}

TEST_F(Joining, RemembersARouterSeenShortlyBefore) {
  see(flow(0, kClient, kServer, 33434, Transport::kUdp), seconds{1},
      observation::RouterSeen{.how = observation::RouterSeen::How::kTimeExceeded,
                              .address = address("10.0.0.1")});
  open(flow(2, kClient, kServer), seconds{2});
  EXPECT_EQ(last().routers.size(), 1U);
}

TEST_F(Joining, TakesTheDestinationForNoRouter) {
  open(flow(2, kClient, kServer), seconds{2});
  see(flow(0, kClient, kServer, 33434, Transport::kUdp), seconds{3},
      observation::RouterSeen{.how = observation::RouterSeen::How::kUnreachable,
                              .address = address(kServer)});
  EXPECT_EQ(events_.size(), 1U);
}

TEST_F(Joining, GivesAServiceTicketToTheOneSessionThatItCanBeFor) {
  const observation::AccountSeen ticket{.kind = observation::AccountSeen::Kind::kKerberos,
                                        .client = address(kClient),
                                        .server = {},
                                        .user = "anna",
                                        .domain = "CORP.EXAMPLE",
                                        .service = "TERMSRV/srv.corp.example"};
  open(flow(2, kClient, kServer), seconds{2});
  see(flow(3, kClient, "192.0.2.88", 88), seconds{3}, ticket);
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_THAT(names(last().server), ElementsAre("srv.corp.example"));
  ASSERT_EQ(last().users.size(), 1U);
  EXPECT_EQ(last().users[0].name, "anna");
  EXPECT_EQ(last().users[0].certainty, Certainty::kInferred);
}

TEST_F(Joining, GivesAServiceTicketToNobodyWhereItMayBeForTwo) {
  open(flow(2, kClient, kServer), seconds{2});
  open(flow(3, kClient, "192.0.2.3"), seconds{2});
  see(flow(4, kClient, "192.0.2.88", 88), seconds{3},
      observation::AccountSeen{.kind = observation::AccountSeen::Kind::kKerberos,
                               .client = address(kClient),
                               .server = {},
                               .user = "anna",
                               .domain = "CORP.EXAMPLE",
                               .service = "TERMSRV/srv.corp.example"});
  EXPECT_EQ(events_.size(), 2U);
}

TEST_F(Joining, GivesAServiceTicketToTheSessionThatFollows) {
  see(flow(3, kClient, "192.0.2.88", 88), seconds{1},
      observation::AccountSeen{.kind = observation::AccountSeen::Kind::kKerberos,
                               .client = address(kClient),
                               .server = {},
                               .user = "anna",
                               .domain = "CORP.EXAMPLE",
                               .service = "termsrv/srv.corp.example"});
  open(flow(2, kClient, kServer), seconds{2});
  EXPECT_THAT(names(last().server), ElementsAre("srv.corp.example"));
}

TEST_F(Joining, KnowsWhoSentTheClientHere) {
  const auto broker = flow(2, kClient, "192.0.2.50");
  open(broker, seconds{2});
  see(broker, seconds{3},
      observation::Redirected{.target_address = kServer, .load_balance_info = "tsv://x\r\n"},
      Side::kAcceptor);
  open(flow(3, kClient, kServer), seconds{4});
  EXPECT_EQ(last().redirector, (SocketAddress{address("192.0.2.50"), Port{3389}}));
  open(flow(4, kClient, "192.0.2.60"), seconds{5}, {.routing_token = "tsv://x"});
  EXPECT_EQ(last().redirector, (SocketAddress{address("192.0.2.50"), Port{3389}}));
  open(flow(5, kClient, "192.0.2.61"), seconds{5});
  EXPECT_FALSE(last().redirector.has_value());
}

TEST_F(Joining, KeepsWhatAProxyWasAskedUntilTheSessionOpens) {
  const auto on = flow(2, kClient, kServer, 1080);
  see(on, seconds{1},
      observation::ProxyAsked{.kind = observation::ProxyKind::kSocks5, .target_name = "srv"});
  see(on, seconds{1}, observation::ProxyAnswered{.granted = true}, Side::kAcceptor);
  EXPECT_THAT(events_, IsEmpty());
  open(on, seconds{2});
  ASSERT_EQ(last().proxies.size(), 1U);
  EXPECT_TRUE(last().proxies[0].by_client);
  EXPECT_TRUE(last().proxies[0].answered->granted);
}

TEST_F(Joining, ForgetsWhatAFlowSaidThatCarriesNothing) {
  const auto on = flow(2, kClient, kServer, 1080);
  see(on, seconds{1}, observation::ProxyAsked{.kind = observation::ProxyKind::kSocks5});
  tracker_.flow_dismissed(on.id);
  open(on, seconds{2});
  EXPECT_THAT(last().proxies, IsEmpty());
}

TEST_F(Joining, TellsWhatWasSuspiciousBeforeTheSessionOpened) {
  const auto on = flow(2, kClient, kServer);
  see(on, seconds{1}, observation::Anomaly{.code = "tcp.tiny_segments", .detail = "tiny"});
  EXPECT_THAT(events_, IsEmpty());
  open(on, seconds{2});
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<Opened>(events_[0].what));
  const auto* told = std::get_if<Anomaly>(&events_[1].what);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->code, "tcp.tiny_segments");
  EXPECT_EQ(events_[1].at.time, Moment{seconds{2}});
  EXPECT_EQ(events_[1].evidence.at(0).frame, FrameNumber{1});
}

TEST_F(Joining, OpensAMachineConsoleWithTheTlsThatFollowsItsPreconnection) {
  const auto on = flow(2, kClient, kServer, 2179);
  see(on, seconds{1}, observation::Preconnection{.id = 0, .blob = "vm"});
  see(on, seconds{1}, observation::TlsClientHello{});
  EXPECT_EQ(tracker_.open_sessions(), 1U);
  ASSERT_TRUE(last().preconnection.has_value());
  EXPECT_EQ(last().preconnection->blob, "vm");
}

TEST_F(Joining, JoinsTheSecondChannelToAGatewayByItsConnectionId) {
  see(flow(2, kClient, kServer, 443), seconds{1},
      observation::GatewaySeen{.gateway_name = "gw.example", .connection_id = "{1}"});
  see(flow(3, kClient, kServer, 443), seconds{1},
      observation::GatewaySeen{.gateway_name = "gw.example", .connection_id = "{1}"});
  EXPECT_EQ(tracker_.open_sessions(), 1U);
  see(flow(4, kClient, kServer, 443), seconds{1},
      observation::GatewaySeen{.gateway_name = "gw.example", .connection_id = "{2}"});
  EXPECT_EQ(tracker_.open_sessions(), 2U);
}

TEST_F(Joining, TellsOfAGatewayThatIsOnlyConcludedAsInferred) {
  see(flow(2, kClient, kServer, 443), seconds{1},
      observation::GatewaySeen{.gateway_name = "gw.wvd.example", .inferred = true});
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].certainty, Certainty::kInferred);
  EXPECT_LT(events_[0].confidence, 1.0);
}

}  // namespace
}  // namespace remora::session
