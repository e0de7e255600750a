#include "dissect/gateway/gateway_dissector.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/talk.h"

namespace remora::gateway {
namespace {

using observation::GatewaySeen;
using testing::from_client;
using testing::from_server;
using testing::hear;
using testing::hex;
using testing::Said;
using testing::text_bytes;

using Bytes = std::vector<std::byte>;

Bytes operator+(Bytes one, const Bytes& two) {
  one.insert(one.end(), two.begin(), two.end());
  return one;
}

const auto kConnectionRequest = hex("0300 0013 0e e0 0000 0000 00 01 00 0800 00000000");
const auto kTunnelAuth = hex("0600 0000 14000000 0000 0800 5700 5300 3100 0000");
const auto kChannelCreate = hex("0800 0000 16000000 01 00 3d0d 0300 0600 6400 6300 0000");
const auto kData = hex("0a00 0000 1d000000 1300") + kConnectionRequest;
const auto kKeepAlive = hex("0d00 0000 08000000");

constexpr std::string_view kAuthorisationWanted{
    "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nnope"};
constexpr std::string_view kOk{"HTTP/1.1 200 OK\r\n\r\n"};

Bytes request(std::string_view method, std::string_view more) {
  return text_bytes(std::string{method} +
                    " /remoteDesktopGateway/ HTTP/1.1\r\nHost: gw.example\r\n" +
                    "RDG-Connection-Id: {1}\r\n" + std::string{more} + "\r\n");
}

/// A masked frame of less than 126 bytes, RFC 6455 5.3.
Bytes masked(Bytes payload) {
  const auto key = hex("01020304");
  for (std::size_t i = 0; i < payload.size(); ++i) { payload[i] ^= key[i % 4]; }
  return Bytes{std::byte{0x82}, static_cast<std::byte>(0x80U | payload.size())} + key + payload;
}

std::vector<Said> websocket_talk() {
  const auto upgrade = request("RDG_OUT_DATA", "Upgrade: websocket\r\n");
  const auto split = kChannelCreate + kData;  // packets and frames end at different places
  return {from_client(upgrade),
          from_server(text_bytes(kAuthorisationWanted)),
          from_client(upgrade),
          from_server(text_bytes("HTTP/1.1 101 Switching Protocols\r\n\r\n")),
          from_client(masked(kTunnelAuth)),
          from_server(hex("89 02 6869")),  // ping
          from_client(masked({split.begin(), split.begin() + 30})),
          from_client(masked({split.begin() + 30, split.end()}) + masked(kKeepAlive))};
}

TEST(GatewayDissector, WebSocketLeadsToTheSessionInside) {
  const auto heard = hear(websocket_talk());
  EXPECT_EQ(heard.rules(),
            "gateway.http gateway.tunnel_auth gateway.channel_create x224.connection_request ");
  const auto head = std::get<GatewaySeen>(heard.found[0].what);
  EXPECT_EQ(head.transport, GatewaySeen::Transport::kWebSocket);
  EXPECT_EQ(head.gateway_name, "gw.example");
  EXPECT_EQ(head.connection_id, "{1}");
  EXPECT_EQ(std::get<GatewaySeen>(heard.found[1].what).client_machine, "WS1");
  const auto channel = std::get<GatewaySeen>(heard.found[2].what);
  EXPECT_EQ(channel.target_name, "dc");
  EXPECT_EQ(channel.target_port, 3389);
  EXPECT_EQ(heard.found[3].from, Side::kInitiator);
}

TEST(GatewayDissector, ClosedChannelIsTheAnnouncedEnd) {
  auto heard = hear(websocket_talk());
  heard.conversation.on_bytes(Side::kAcceptor, hex("82 0c 1000 0000 0c000000 f6590000"), {},
                              heard.found);
  EXPECT_EQ(heard.found.back().rule, std::string_view{"gateway.close_channel"});
  EXPECT_EQ(heard.found.back().from, Side::kAcceptor);
  EXPECT_EQ(std::get<observation::DisconnectAnnounced>(heard.found.back().what).reason.name,
            "PROXY_SESSIONTIMEOUT");
}

TEST(GatewayDissector, TalksObeyTheirLaws) {
  testing::expect_same_in_pieces(websocket_talk());
  testing::expect_survives_damage(websocket_talk());
}

TEST(GatewayDissector, OutChannelHasThePacketsOfTheServerBehindRandomBytes) {
  const std::vector talk{from_client(request("RDG_OUT_DATA", "")),
                         from_server(text_bytes(kOk) + Bytes(100, std::byte{7}) + kKeepAlive),
                         from_server(kData)};
  // One direction alone makes no session.
  EXPECT_EQ(hear(talk).rules(), "gateway.http ");
  testing::expect_same_in_pieces(talk);
}

TEST(GatewayDissector, InChannelHasThePacketsOfTheClientInChunks) {
  const std::vector talk{
      from_client(request("RDG_IN_DATA", "Transfer-Encoding: chunked\r\n")),
      from_server(text_bytes(kOk)),
      from_client(text_bytes("14\r\n") + kTunnelAuth + text_bytes("\r\n16;x=y\r\n") +
                  kChannelCreate + text_bytes("\r\n1d\r\n") + kData + text_bytes("\r\n"))};
  const auto heard = hear(talk);
  EXPECT_EQ(heard.rules(), "gateway.http gateway.tunnel_auth gateway.channel_create ");
  EXPECT_EQ(std::get<GatewaySeen>(heard.found[2].what).transport, GatewaySeen::Transport::kHttp);
  testing::expect_same_in_pieces(talk);
  testing::expect_survives_damage(talk);
}

TEST(GatewayDissector, InChannelWithoutChunks) {
  const auto heard = hear({from_client(request("RDG_IN_DATA", "Content-Length: 4294967295\r\n")),
                           from_server(text_bytes(kOk)), from_client(kTunnelAuth)});
  EXPECT_EQ(heard.rules(), "gateway.http gateway.tunnel_auth ");
}

TEST(GatewayDissector, RpcIsToldByItsRequest) {
  const auto heard = hear({from_client(text_bytes(
      "RPC_IN_DATA /rpc/rpcproxy.dll?localhost:3388 HTTP/1.1\r\nHost: gw.example\r\n\r\n"))});
  EXPECT_EQ(heard.only<GatewaySeen>().transport, GatewaySeen::Transport::kRpcOverHttp);
  EXPECT_FALSE(heard.conversation.wants_more());
}

TEST(GatewayDissector, GapInsideDataIsTheInnerSessionsOwn) {
  auto talk = websocket_talk();
  talk.pop_back();
  talk.pop_back();
  // One update of 50 bytes, of which 20 are missing; then a request.
  auto heard = hear(talk);
  const auto frame = masked(hex("0a00 0000 3c000000 3200") + Bytes(50, std::byte{0}));
  heard.conversation.on_bytes(Side::kInitiator, ByteView{frame}.first(26), {}, heard.found);
  heard.conversation.on_gap(Side::kInitiator, 20, {}, heard.found);
  heard.conversation.on_bytes(Side::kInitiator, ByteView{frame}.subspan(46), {}, heard.found);
  heard.conversation.on_bytes(Side::kInitiator, masked(kChannelCreate), {}, heard.found);
  EXPECT_NE(heard.rules().find("gateway.channel_create"), std::string::npos) << heard.rules();
}

TEST(GatewayDissector, GapInAHeaderEndsTheReading) {
  auto heard = hear(websocket_talk());
  heard.conversation.on_gap(Side::kInitiator, 3, {}, heard.found);
  EXPECT_FALSE(heard.conversation.wants_more());
}

TEST(GatewayDissector, UnansweredRequestIsNotWaitedForForever) {
  const auto heard = hear({from_client(request("RDG_OUT_DATA", "Upgrade: websocket\r\n")),
                           from_client(Bytes(GatewayDissector::kMaxUnanswered + 1))});
  EXPECT_FALSE(heard.conversation.wants_more());
}

}  // namespace
}  // namespace remora::gateway
