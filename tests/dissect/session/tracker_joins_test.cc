// What Tracker joins to sessions from beside them.

#include <algorithm>
#include <array>
#include <cstdint>
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

observation::AddressAssigned lease(const char* holder, const std::string& name) {
  return {.address = address(kClient), .holder = holder, .names = {name}, .lease = seconds{3600}};
}

const auto kDhcp = flow(9, "192.0.2.254", "255.255.255.255", 68, Transport::kUdp);

TEST_F(Joining, GivesTheNameOfANewHolderToNoSessionOfTheOldOne) {
  see(kDhcp, seconds{1}, lease("aa", "ws-anna"));
  open(flow(2, kClient, kServer), seconds{2});
  EXPECT_THAT(names(last().client), ElementsAre("ws-anna"));
  see(kDhcp, seconds{30}, lease("bb", "ws-mallory"));
  see(flow(3, kClient, "224.0.0.251", 5353, Transport::kUdp), seconds{31},
      observation::NameLearned{.address = address(kClient),
                               .name = "mallory.local",
                               .kind = observation::NameKind::kMdns});
  EXPECT_EQ(events_.size(), 1U);
  open(flow(4, kClient, kServer, 3390), seconds{32});
  EXPECT_THAT(names(last().client), ElementsAre("ws-mallory", "mallory.local"));
}

TEST_F(Joining, GivesTheNameOfAnUnknownHolderToNoSessionThatIsOpen) {
  open(flow(2, kClient, kServer), seconds{2});
  see(kDhcp, seconds{30}, lease("bb", "ws-mallory"));
  EXPECT_EQ(events_.size(), 1U);
}

TEST_F(Joining, GivesANameThatComesWithARenewalToTheSessionsSinceTheLease) {
  see(kDhcp, seconds{1},
      observation::AddressAssigned{.address = address(kClient), .holder = "aa", .names = {}});
  open(flow(2, kClient, kServer), seconds{2});
  EXPECT_THAT(names(last().client), IsEmpty());
  see(kDhcp, seconds{30}, lease("aa", "ws-anna"));
  EXPECT_THAT(names(last().client), ElementsAre("ws-anna"));
}

FlowFacts in_network(FlowFacts facts, std::uint32_t id) {
  facts.network = NetworkId{id};
  return facts;
}

TEST_F(Joining, GivesNoNameOfAnotherNetwork) {
  const observation::NameLearned told{.address = address(kServer),
                                      .name = "srv.blue.example",
                                      .kind = observation::NameKind::kDns,
                                      .ttl = seconds{60},
                                      .told_to = address(kClient)};
  const auto resolver = flow(1, kClient, "192.0.2.53", 53, Transport::kUdp);
  const auto open_in = [&](std::uint64_t id, std::uint32_t network) {
    observation::TunnelsSeen seen;
    seen.tunnels.add({.kind = TunnelKind::kVxlan, .source = {}, .destination = {}, .id = network});
    const auto on = flow(id, kClient, kServer, static_cast<std::uint16_t>(3389 + id));
    see(on, seconds{2}, seen);
    open(on, seconds{2});
  };
  see(in_network(resolver, 1), seconds{1}, told);
  open_in(2, 2);
  EXPECT_THAT(names(last().server), IsEmpty());
  open_in(3, 1);
  EXPECT_THAT(names(last().server), ElementsAre("srv.blue.example"));
  const auto before = events_.size();
  auto later = told;
  later.name = "srv.green.example";
  see(in_network(resolver, 2), seconds{3}, later);
  ASSERT_EQ(events_.size(), before + 1);
  EXPECT_THAT(names(last().server), ElementsAre("srv.green.example"));
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

std::array<std::byte, 32> hash_of(std::uint8_t first) {
  std::array<std::byte, 32> hash{};
  for (std::size_t at = 0; at < hash.size(); ++at) {
    hash.at(at) = static_cast<std::byte>(first + at);
  }
  return hash;
}

TEST_F(Joining, JoinsAUdpTransportByTheCookieThatItsServerGave) {
  const auto invited = flow(2, kClient, kServer);
  open(invited, seconds{2});
  see(invited, seconds{3}, observation::UdpTransportInvited{.cookie_hash = hash_of(7)},
      Side::kAcceptor);
  open(flow(3, kClient, kServer), seconds{50});  // nearer in time
  const auto before = events_.size();
  see(flow(4, kClient, kServer, 3389, Transport::kUdp), seconds{51},
      observation::UdpTransportRequested{.cookie_hash = hash_of(7)});
  ASSERT_EQ(events_.size(), before + 1);
  EXPECT_TRUE(last().over_udp);
  EXPECT_EQ(last().opened, Moment{seconds{2}});
  EXPECT_EQ(events_.back().certainty, Certainty::kObserved);
  EXPECT_EQ(events_.back().evidence.back().rule, "session.join.cookie_hash");
  EXPECT_EQ(tracker_.open_sessions(), 2U);
}

TEST_F(Joining, KnowsTheCookieWhoseHashWasSentInWordsTurnedRound) {
  const auto on = flow(2, kClient, kServer);
  open(on, seconds{2});
  see(on, seconds{3}, observation::UdpTransportInvited{.cookie_hash = hash_of(7)}, Side::kAcceptor);
  auto turned = hash_of(7);
  for (std::size_t at = 0; at < turned.size(); at += 4) {
    std::reverse(turned.begin() + at, turned.begin() + at + 4);
  }
  see(flow(4, kClient, kServer, 3389, Transport::kUdp), seconds{60},
      observation::UdpTransportRequested{.cookie_hash = turned});
  EXPECT_EQ(tracker_.open_sessions(), 1U);
}

TEST_F(Joining, JoinsNoUdpTransportThatShowsAnotherCookie) {
  const auto on = flow(2, kClient, kServer);
  open(on, seconds{2});
  see(on, seconds{3}, observation::UdpTransportInvited{.cookie_hash = hash_of(7)}, Side::kAcceptor);
  see(flow(4, kClient, kServer, 3389, Transport::kUdp), seconds{4},
      observation::UdpTransportRequested{.cookie_hash = hash_of(8)});
  EXPECT_EQ(tracker_.open_sessions(), 2U);
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

observation::AccountSeen ticket_for(const std::string& host) {
  return {.kind = observation::AccountSeen::Kind::kKerberos,
          .client = address(kClient),
          .server = {},
          .user = "anna",
          .domain = "CORP.EXAMPLE",
          .service = "TERMSRV/" + host};
}

observation::NameLearned dns(const char* server, const std::string& name) {
  return {.address = address(server),
          .name = name,
          .kind = observation::NameKind::kDns,
          .ttl = seconds{600},
          .told_to = address(kClient)};
}

const auto kCentre = flow(8, kClient, "192.0.2.88", 88);

TEST_F(Joining, MarksAsInferredWhatATicketAloneSays) {
  open(flow(2, kClient, kServer), seconds{2});
  see(kCentre, seconds{3}, ticket_for("srv.corp.example"));
  EXPECT_EQ(events_.back().certainty, Certainty::kInferred);
  ASSERT_EQ(last().server.names.size(), 1U);
  EXPECT_EQ(last().server.names[0].source, NameSource::kKerberosInferred);
  see(kCentre, seconds{4}, dns(kServer, "SRV.corp.example"));
  EXPECT_EQ(last().server.names[0].source, NameSource::kKerberos) << "DNS says so too";
}

TEST_F(Joining, TakesATicketForSureThatAgreesWithTheServersNames) {
  see(kCentre, seconds{1}, dns(kServer, "srv"));
  open(flow(2, kClient, kServer), seconds{2});
  see(kCentre, seconds{3}, ticket_for("srv.corp.example"));
  EXPECT_EQ(events_.back().certainty, Certainty::kObserved);
  ASSERT_EQ(last().server.names.size(), 2U);
  EXPECT_EQ(last().server.names[1].source, NameSource::kKerberos);
}

TEST_F(Joining, GivesNoTicketToAServerOfOtherNames) {
  see(kCentre, seconds{1}, dns(kServer, "other.corp.example"));
  see(kCentre, seconds{1}, ticket_for("srv.corp.example"));
  open(flow(2, kClient, kServer), seconds{2});
  see(kCentre, seconds{3}, ticket_for("srv2.corp.example"));
  EXPECT_EQ(events_.size(), 1U);
  EXPECT_THAT(names(last().server), ElementsAre("other.corp.example"));
  EXPECT_THAT(last().users, IsEmpty());
  open(flow(3, kClient, "192.0.2.3"), seconds{4});
  EXPECT_THAT(names(last().server), IsEmpty()) << "it may be for either of two hosts";
}

TEST_F(Joining, GivesATicketToTheOneOfTwoWhoseNamesAgree) {
  see(kCentre, seconds{1}, dns("192.0.2.3", "srv.corp.example"));
  open(flow(2, kClient, kServer), seconds{2});
  open(flow(3, kClient, "192.0.2.3"), seconds{2});
  open(flow(4, kClient, "192.0.2.4"), seconds{2});
  see(kCentre, seconds{3}, ticket_for("srv.corp.example"));
  EXPECT_EQ(last().server.address.address, address("192.0.2.3"));
  EXPECT_EQ(last().users.size(), 1U);
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

observation::ClientSettings named_client() {
  observation::ClientSettings settings;
  settings.client_name = "WS-ANNA";
  return settings;
}

TEST_F(Joining, GivesNamesToTheServerBehindAProxy) {
  const auto on = flow(2, kClient, kServer, 1080);
  see(on, seconds{1}, observation::TlsClientHello{.sni = "proxy.example"});
  see(on, seconds{1},
      observation::ProxyAsked{.kind = observation::ProxyKind::kSocks5, .target_name = "srv"});
  see(on, seconds{1}, observation::ProxyAnswered{.granted = true}, Side::kAcceptor);
  open(on, seconds{2});
  see(on, seconds{3}, observation::TlsClientHello{.sni = "srv.corp.example"});
  see(on, seconds{3}, named_client());
  const auto& session = last();
  ASSERT_EQ(session.names_behind_server.size(), 1U);
  EXPECT_EQ(session.names_behind_server[0].name, "srv.corp.example");
  for (const auto& name : session.server.names) { EXPECT_NE(name.name, "srv.corp.example"); }
  ASSERT_EQ(session.client.names.size(), 1U);
  EXPECT_EQ(session.client.names[0].name, "WS-ANNA");
}

TEST_F(Joining, GivesNamesToTheClientBehindABalancer) {
  const auto on = flow(2, kClient, kServer);
  see(on, seconds{1},
      observation::ProxyAsked{.kind = observation::ProxyKind::kProxyV2,
                              .client = SocketAddress{address("203.0.113.7"), Port{50000}}});
  open(on, seconds{2});
  see(on, seconds{3}, named_client());
  EXPECT_THAT(last().client.names, IsEmpty());
  ASSERT_EQ(last().names_behind_client.size(), 1U);
  EXPECT_EQ(last().names_behind_client[0].name, "WS-ANNA");
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

TEST_F(Joining, TakesTheEndThatIsAnnouncedOnTheSecondChannelToAGateway) {
  const observation::GatewaySeen gateway{.gateway_name = "gw.example", .connection_id = "{1}"};
  const auto out = flow(2, kClient, kServer, 443);
  see(out, seconds{1}, gateway);
  auto in = flow(3, kClient, kServer, 443);
  std::swap(in.sides[0], in.sides[1]);  // its SYN was not captured
  see(in, seconds{1}, gateway, Side::kAcceptor);
  ASSERT_EQ(tracker_.open_sessions(), 1U);
  see(in, seconds{2}, observation::DisconnectAnnounced{.reason = {.code = 0, .name = "SUCCESS"}},
      Side::kAcceptor);
  close(out, seconds{3});
  tracker_.finish(news_);
  testing::take_sessions(news_, events_);
  EXPECT_EQ(last().end_reason, EndReason::kClientDisconnect);
  ASSERT_TRUE(last().disconnect_reason.has_value());
  EXPECT_EQ(last().disconnect_reason->name, "SUCCESS");
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
