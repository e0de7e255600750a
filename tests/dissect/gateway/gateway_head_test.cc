#include "dissect/gateway/gateway_head.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/damage.h"

namespace remora::gateway {
namespace {

constexpr std::string_view kRequest{
    "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\n"
    "Host: gw.corp.example:443\r\n"
    "Connection: Upgrade\r\n"
    "upgrade: WebSocket\r\n"
    "RDG-Connection-Id: {958F92D8-DA20-467A-BBE3-65E7E9B4EDCF}\r\n"
    "RDG-Correlation-Id: {11223344-0000-0000-0000-000000000000}\r\n"
    "RDG-User-Id: QwBPAFIAUABcAGUAdgBhAA==\r\n"  // CORP\eva
    "Authorization: Basic ZXZhOnNlY3JldA==\r\n"
    "\r\n"};

TEST(GatewayHead, RequestTellsWhoWantsWhat) {
  const auto request = read_request(as_bytes(kRequest));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->method, Method::kRdgOutData);
  EXPECT_EQ(request->host, "gw.corp.example");
  EXPECT_EQ(request->connection_id, "{958F92D8-DA20-467A-BBE3-65E7E9B4EDCF}");
  EXPECT_EQ(request->correlation_id, "{11223344-0000-0000-0000-000000000000}");
  EXPECT_EQ(request->user, "eva");
  EXPECT_EQ(request->domain, "CORP");
  EXPECT_TRUE(request->websocket);
  EXPECT_FALSE(request->chunked);
}

TEST(GatewayHead, AnswerTellsStatusAndBody) {
  const auto answer =
      read_answer(as_bytes("HTTP/1.1 401 Unauthorized\r\nContent-Length: 13\r\n\r\n"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 401);
  EXPECT_EQ(answer->content_length, 13U);
  EXPECT_FALSE(read_answer(as_bytes("HTTP/1.1 x\r\n\r\n")).has_value());
}

TEST(GatewayHead, IsRecognisedByItsMethod) {
  EXPECT_EQ(recognise(as_bytes(kRequest)), Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("RDG_IN_DATA ")), Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("RDG_")), Verdict::kMore);
  EXPECT_EQ(recognise(as_bytes("GET /remoteDesktopGateway/?ConId=1")), Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("GET /index.html")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("PUT /")), Verdict::kNo);
}

TEST(GatewayHead, RpcIsTheGatewaysByItsPort) {
  EXPECT_EQ(recognise(as_bytes("RPC_IN_DATA /rpc/rpcproxy.dll?localhost:3388 HTTP/1.1\r\n")),
            Verdict::kYes);
  EXPECT_EQ(recognise(as_bytes("RPC_IN_DATA /rpc/rpcproxy.dll?loc")), Verdict::kMore);
  EXPECT_EQ(recognise(as_bytes("RPC_IN_DATA /rpc/rpcproxy.dll?ex01:6001 HTTP/1.1\r\n")),
            Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("RPC_IN_DATA /" + std::string(600, 'a'))), Verdict::kNo);
}

TEST(GatewayHead, HasALimit) {
  const std::string head(kMaxHeadBytes, 'a');
  EXPECT_TRUE(measure_head(as_bytes(head)).is_lost());
  EXPECT_TRUE(measure_head(as_bytes(head).first(kMaxHeadBytes - 1)).needs_more());
}

TEST(GatewayHead, SurvivesDamage) {
  const auto read = [](const auto& bytes) {
    (void)recognise(bytes);
    (void)read_request(bytes);
    (void)read_answer(bytes);
  };
  testing::for_every_truncation(as_bytes(kRequest), read);
  testing::for_every_changed_byte(as_bytes(kRequest), read);
}

}  // namespace
}  // namespace remora::gateway
