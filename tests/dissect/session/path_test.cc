#include "dissect/session/path.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::session {
namespace {

using observation::ProxyKind;

IpAddress address(const char* text) {
  return *IpAddress::parse(text);
}

Session plain() {
  Session session;
  session.client.address = {address("192.0.2.1"), Port{50000}};
  session.server.address = {address("198.51.100.7"), Port{3389}};
  return session;
}

/// "CLIENT 192.0.2.1, SERVER 198.51.100.7"
std::string text(const Session& session) {
  static const char* const kWords[] = {"PRIVATE", "CLIENT", "NAT",        "ROUTER",    "TUNNEL",
                                       "GATEWAY", "PROXY",  "REDIRECTOR", "ALTERNATE", "SERVER"};
  std::string out;
  for (const auto& hop : make_path(session)) {
    if (!out.empty()) { out += ", "; }
    out += kWords[static_cast<std::size_t>(hop.role)];
    out += ' ' + (hop.address.empty() ? hop.name : hop.address);
  }
  return out;
}

TEST(Path, OfAPlainSessionHasItsEnds) {
  EXPECT_EQ(text(plain()), "CLIENT 192.0.2.1, SERVER 198.51.100.7");
}

TEST(Path, BeginsWithTheClientsOwnViewOfItsAddress) {
  auto session = plain();
  session.client_info = observation::ClientInfo{.address = "10.0.0.5"};
  EXPECT_EQ(text(session), "PRIVATE 10.0.0.5, CLIENT 192.0.2.1, SERVER 198.51.100.7");
  session.client_info->address = "192.0.2.1";
  EXPECT_EQ(text(session), "CLIENT 192.0.2.1, SERVER 198.51.100.7");
}

TEST(Path, EntersTheInnermostTunnelFirst) {
  auto session = plain();
  session.client_tunnels.push_back({.kind = TunnelKind::kGre,
                                    .source = address("10.0.0.1"),
                                    .destination = address("10.0.0.2")});
  session.client_tunnels.push_back({.kind = TunnelKind::kVxlan,
                                    .source = address("10.1.0.1"),
                                    .destination = address("10.1.0.2")});
  EXPECT_EQ(text(session),
            "CLIENT 192.0.2.1, TUNNEL 10.1.0.1, TUNNEL 10.0.0.1, TUNNEL 10.0.0.2, TUNNEL 10.1.0.2, "
            "SERVER 198.51.100.7");
}

TEST(Path, HasTheEndsOfATunnelOnceThoughBothDirectionsShowThem) {
  auto session = plain();
  session.client_tunnels.push_back({.kind = TunnelKind::kGre,
                                    .source = address("10.0.0.1"),
                                    .destination = address("10.0.0.2")});
  session.server_tunnels.push_back({.kind = TunnelKind::kGre,
                                    .source = address("10.0.0.2"),
                                    .destination = address("10.0.0.1")});
  EXPECT_EQ(text(session),
            "CLIENT 192.0.2.1, TUNNEL 10.0.0.1, TUNNEL 10.0.0.2, SERVER 198.51.100.7");
}

TEST(Path, LeadsFromTheServersTunnelWhereOnlyThatWasSeen) {
  auto session = plain();
  session.server_tunnels.push_back({.kind = TunnelKind::kGre,
                                    .source = address("10.0.0.2"),
                                    .destination = address("10.0.0.1")});
  EXPECT_EQ(text(session),
            "CLIENT 192.0.2.1, TUNNEL 10.0.0.1, TUNNEL 10.0.0.2, SERVER 198.51.100.7");
}

TEST(Path, HasRoutersThatToldOfThemselves) {
  auto session = plain();
  session.routers = {
      {.seen = {.how = observation::RouterSeen::How::kUnreachable, .address = address("10.9.9.9")},
       .toward_server = false,
       .at = {}},
      {.seen = {.how = observation::RouterSeen::How::kTimeExceeded, .address = address("10.8.8.8")},
       .toward_server = true,
       .at = {}}};
  EXPECT_EQ(text(session),
            "CLIENT 192.0.2.1, ROUTER 10.8.8.8, ROUTER 10.9.9.9, SERVER 198.51.100.7");
}

TEST(Path, EndsWhereTheProxyWasAskedToGo) {
  auto session = plain();
  session.proxies = {{.asked = {.kind = ProxyKind::kSocks5,
                                .target = SocketAddress{address("203.0.113.3"), Port{3389}}},
                      .by_client = true,
                      .answered = {}}};
  EXPECT_EQ(text(session), "CLIENT 192.0.2.1, PROXY 198.51.100.7, SERVER 203.0.113.3");
  session.proxies[0].asked.target.reset();
  session.proxies[0].asked.target_name = "srv.corp.example";
  EXPECT_EQ(text(session), "CLIENT 192.0.2.1, PROXY 198.51.100.7, SERVER srv.corp.example");
}

TEST(Path, GoesThroughAChainOfProxies) {
  auto session = plain();
  session.proxies = {{.asked = {.kind = ProxyKind::kHttpConnect, .target_name = "second.example"},
                      .by_client = true,
                      .answered = {}},
                     {.asked = {.kind = ProxyKind::kSocks5, .target_name = "srv.example"},
                      .by_client = true,
                      .answered = {}}};
  EXPECT_EQ(text(session),
            "CLIENT 192.0.2.1, PROXY 198.51.100.7, PROXY second.example, SERVER srv.example");
}

TEST(Path, BeginsWithTheClientThatABalancerNames) {
  auto session = plain();
  session.proxies = {{.asked = {.kind = ProxyKind::kProxyV2,
                                .client = SocketAddress{address("203.0.113.9"), Port{1234}}},
                      .by_client = true,
                      .answered = {}}};
  EXPECT_EQ(text(session), "CLIENT 203.0.113.9, PROXY 192.0.2.1, SERVER 198.51.100.7");
}

TEST(Path, BeginsBehindTheProxyThatAServerDials) {
  auto session = plain();
  session.reverse = true;
  session.proxies = {{.asked = {.kind = ProxyKind::kSocks5,
                                .target = SocketAddress{address("203.0.113.3"), Port{5900}}},
                      .by_client = false,
                      .answered = {}}};
  EXPECT_EQ(text(session), "CLIENT 203.0.113.3, PROXY 192.0.2.1, SERVER 198.51.100.7");
}

TEST(Path, HasTheNatThatATeredoAddressOfTheTicketDiscloses) {
  auto session = plain();
  session.ticket_addresses = {
      {.address = address("2001:0:4136:e378:8000:63bf:3fff:fdd2"), .port = Port{49671}},
      {.address = address("198.51.100.7"), .port = Port{49672}}};
  EXPECT_EQ(text(session),
            "CLIENT 192.0.2.1, NAT 192.0.2.45, SERVER 198.51.100.7, "
            "ALTERNATE 2001:0:4136:e378:8000:63bf:3fff:fdd2");
  session.reverse = true;
  EXPECT_EQ(text(session), "CLIENT 192.0.2.1, NAT 192.0.2.45, SERVER 198.51.100.7");
  EXPECT_STREQ(make_path(session)[1].source, "ticket.teredo");
  EXPECT_EQ(make_path(session)[1].port, 40000);
}

TEST(Path, HasTheNatOfAnEndWithATeredoAddress) {
  auto session = plain();
  session.client.address.address = address("2001:0:4136:e378:8000:63bf:3fff:fdd2");
  EXPECT_EQ(text(session),
            "CLIENT 2001:0:4136:e378:8000:63bf:3fff:fdd2, NAT 192.0.2.45, "
            "SERVER 198.51.100.7");
}

TEST(Path, GoesThroughAGateway) {
  auto session = plain();
  session.through_gateway = true;
  session.gateway = observation::GatewaySeen{.target_name = "srv.corp.example"};
  EXPECT_EQ(text(session), "CLIENT 192.0.2.1, GATEWAY 198.51.100.7, SERVER srv.corp.example");
}

TEST(Path, NamesTheServerThatSentTheClientHere) {
  auto session = plain();
  session.redirector = SocketAddress{address("198.51.100.1"), Port{3389}};
  EXPECT_EQ(text(session), "CLIENT 192.0.2.1, REDIRECTOR 198.51.100.1, SERVER 198.51.100.7");
}

TEST(Path, EndsWithWhatElseTheServerIsCalled) {
  auto session = plain();
  session.redirections = {
      {.told = {.target_address = "198.51.100.8", .target_fqdn = "b.example"}, .at = {}}};
  session.server_alternatives = {address("198.51.100.7"), address("2001:db8::7")};
  EXPECT_EQ(text(session),
            "CLIENT 192.0.2.1, SERVER 198.51.100.7, ALTERNATE 198.51.100.8, ALTERNATE 2001:db8::7");
}

}  // namespace
}  // namespace remora::session
