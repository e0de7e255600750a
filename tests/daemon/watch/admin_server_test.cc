#include "daemon/watch/admin_server.h"

#include <chrono>
#include <optional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::watch {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::chrono::seconds kLong{30};
const net::Address kAnyPort{.host = "127.0.0.1", .port = 0};

class AdminServerTest : public ::testing::Test {
 protected:
  Answers answers() {
    const auto verdict = [this] {
      ++asked;
      return Verdict{.good = true, .reason = {}};
    };
    return {.metrics = [] { return std::string{}; },
            .healthy = verdict,
            .ready = verdict,
            .sessions = [](std::size_t) { return std::string{"[]"}; }};
  }
  [[nodiscard]] tcp::socket connected(std::uint16_t port) {
    tcp::socket client{clients};
    client.connect({asio::ip::address_v4::loopback(), port});
    return client;
  }
  static void request(tcp::socket& client) {
    (void)asio::write(
        client, asio::buffer(std::string{"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"}));
  }
  asio::io_context io{1};
  asio::io_context clients{1};
  int asked{0};
};

TEST_F(AdminServerTest, AnswersOnTheContextOfItsCaller) {
  const auto server = AdminServer::listen(io, kAnyPort, answers());
  ASSERT_TRUE(server.has_value()) << server.error();
  tcp::socket client{io};
  client.connect({asio::ip::address_v4::loopback(), server->port()});
  request(client);
  EXPECT_EQ(asked, 0);
  std::string said;
  std::optional<error_code> end;
  asio::async_read(client, asio::dynamic_buffer(said),
                   [&end](error_code error, std::size_t) { end = error; });
  while (!end.has_value() && io.run_one_for(kLong) > 0) {}
  EXPECT_EQ(end, asio::error::eof);
  EXPECT_THAT(said, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(AdminServerTest, LeavesNothingBehindWhenItEnds) {
  auto server = AdminServer::listen(io, kAnyPort, answers());
  ASSERT_TRUE(server.has_value());
  std::vector<tcp::socket> open;
  for (int i = 0; i < 40; ++i) {  // more than there is room for
    open.push_back(connected(server->port()));
    if (i % 2 == 0) { request(open.back()); }
    (void)io.poll();
  }
  for (auto& client : open) { request(client); }
  const auto before = asked;
  { const auto ended = std::move(*server); }
  (void)io.run_for(kLong);
  EXPECT_TRUE(io.stopped());
  EXPECT_EQ(asked, before);
}

TEST_F(AdminServerTest, MayBeginAnewAtTheSameAddress) {
  auto first = AdminServer::listen(io, kAnyPort, answers());
  ASSERT_TRUE(first.has_value());
  const auto port = first->port();
  auto client = connected(port);
  request(client);
  while (asked == 0 && io.run_one_for(kLong) > 0) {}
  { const auto ended = std::move(*first); }
  const auto second = AdminServer::listen(io, {.host = "127.0.0.1", .port = port}, answers());
  EXPECT_TRUE(second.has_value()) << second.error();
}

TEST_F(AdminServerTest, SaysWhyItCannotListen) {
  const auto first = AdminServer::listen(io, kAnyPort, answers());
  ASSERT_TRUE(first.has_value());
  const auto taken =
      AdminServer::listen(io, {.host = "127.0.0.1", .port = first->port()}, answers());
  ASSERT_FALSE(taken.has_value());
  EXPECT_THAT(taken.error(), HasSubstr("in use; name another address or port, or off"));
  const auto foreign = AdminServer::listen(io, {.host = "192.0.2.1", .port = 0}, answers());
  ASSERT_FALSE(foreign.has_value());
  EXPECT_THAT(foreign.error(), HasSubstr("admin.address: 192.0.2.1:0: cannot listen there"));
}

TEST_F(AdminServerTest, WarnsWhereOtherMachinesReachIt) {
  ::testing::internal::CaptureStderr();
  const auto own = AdminServer::listen(io, kAnyPort, answers());
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  ::testing::internal::CaptureStderr();
  const auto open = AdminServer::listen(io, {.host = "0.0.0.0", .port = 0}, answers());
  EXPECT_TRUE(open.has_value());
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              HasSubstr("other machines can reach the admin server"));
}

}  // namespace
}  // namespace remora::watch
