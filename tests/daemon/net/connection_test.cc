#include "daemon/net/connection.h"

#include <array>
#include <future>
#include <string>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/loopback_peer.h"

namespace remora::net {
namespace {

namespace asio = boost::asio;
using testing::LoopbackPeer;
using Socket = LoopbackPeer::Socket;
using ::testing::HasSubstr;
using What = Arrival::What;

/// Long enough for a busy machine; nothing waits for it unless a test fails.
constexpr std::chrono::seconds kLong{30};
constexpr std::chrono::milliseconds kShort{50};

[[nodiscard]] tl::expected<Connection, std::string> reach(const LoopbackPeer& peer) {
  return Connection::connect({.host = "127.0.0.1", .port = peer.port()}, {}, kLong);
}

/// All that comes until the end.
[[nodiscard]] std::string read_all(Socket& from) {
  std::string all;
  boost::system::error_code ignored;
  (void)asio::read(from, asio::dynamic_buffer(all), ignored);
  return all;
}

TEST(Connection, CarriesBytesBothWays) {
  LoopbackPeer peer{[](Socket& client) {
    std::array<char, 4> question{};
    asio::read(client, asio::buffer(question));
    asio::write(client, asio::buffer("answer to " + std::string{question.data(), 4}));
  }};
  auto connection = reach(peer);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  ASSERT_TRUE(connection->write("ping", in(kLong)).has_value());
  std::string got;
  std::array<char, 64> buffer{};
  auto arrival = connection->read_some(buffer, in(kLong));
  while (arrival.what == What::kBytes) {
    got.append(buffer.data(), arrival.bytes);
    arrival = connection->read_some(buffer, in(kLong));
  }
  EXPECT_EQ(got, "answer to ping");
  EXPECT_EQ(arrival.what, What::kEnd);
  EXPECT_EQ(peer.finish(), "");
}

TEST(Connection, LooksNamesUpAndTriesAllAddresses) {
  LoopbackPeer peer{[](Socket& client) { (void)read_all(client); }};
  // Where localhost is ::1 first, nobody listens there.
  auto connection = Connection::connect({.host = "localhost", .port = peer.port()}, {}, kLong);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  EXPECT_EQ(connection->peer(), "localhost:" + std::to_string(peer.port()));
}

TEST(Connection, SaysThatNobodyListens) {
  std::uint16_t port = 0;
  {
    asio::io_context io;
    port =
        asio::ip::tcp::acceptor{io, {asio::ip::address_v4::loopback(), 0}}.local_endpoint().port();
  }
  const auto connection = Connection::connect({.host = "127.0.0.1", .port = port}, {}, kLong);
  ASSERT_FALSE(connection.has_value());
  EXPECT_THAT(connection.error(), HasSubstr("127.0.0.1:" + std::to_string(port) + ": "));
  EXPECT_THAT(connection.error(), HasSubstr("refused"));
}

TEST(Connection, SaysThatAHostIsUnknown) {
  // No label is that long: the resolver knows it without asking anybody.
  const std::string host(64, 'a');
  const auto connection = Connection::connect({.host = host, .port = 1}, {}, kLong);
  ASSERT_FALSE(connection.has_value());
  EXPECT_THAT(connection.error(), HasSubstr(host + ":1: "));
}

TEST(Connection, OutlivesADeadlineThatPassesWhileItReads) {
  std::promise<void> asked;
  LoopbackPeer peer{[&](Socket& client) {
    asked.get_future().wait();
    asio::write(client, asio::buffer(std::string{"late"}));
    (void)read_all(client);
  }};
  auto connection = reach(peer);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  std::array<char, 64> buffer{};
  EXPECT_EQ(connection->read_some(buffer, in(kShort)).what, What::kNothing);
  EXPECT_EQ(connection->read_some(buffer, Deadline{}).what, What::kNothing);
  asked.set_value();
  const auto arrival = connection->read_some(buffer, in(kLong));
  ASSERT_EQ(arrival.what, What::kBytes);
  EXPECT_EQ(std::string(buffer.data(), arrival.bytes), "late");
  connection->close();
}

TEST(Connection, StopsWritingAtTheDeadlineWhereThePeerStalls) {
  std::promise<void> over;
  LoopbackPeer peer{[&](Socket&) { over.get_future().wait(); }};
  auto connection = reach(peer);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  const auto written = connection->write(std::string(64U << 20U, 'x'), in(kShort));
  ASSERT_FALSE(written.has_value());
  EXPECT_THAT(written.error(), HasSubstr("takes nothing more"));
  over.set_value();
}

TEST(Connection, TellsAResetFromAnEnd) {
  std::promise<void> connected;
  LoopbackPeer peer{[&](Socket& client) {
    connected.get_future().wait();
    client.set_option(asio::socket_base::linger{true, 0});
    client.close();
  }};
  auto connection = reach(peer);
  connected.set_value();
  ASSERT_TRUE(connection.has_value()) << connection.error();
  const auto arrival = connection->wait_for_end(in(kLong));
  EXPECT_EQ(arrival.what, What::kBroken);
  EXPECT_THAT(arrival.problem, HasSubstr("broke the connection"));
  EXPECT_FALSE(connection->write(std::string(1U << 20U, 'x'), in(kLong)).has_value());
}

TEST(Connection, StillReadsAfterItHasFinishedWriting) {
  LoopbackPeer peer{[](Socket& client) {
    const auto all = read_all(client);
    asio::write(client, asio::buffer(std::to_string(all.size())));
  }};
  auto connection = reach(peer);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  ASSERT_TRUE(connection->write(std::string(100'000, 'x'), in(kLong)).has_value());
  ASSERT_TRUE(connection->finish_writing(in(kLong)).has_value());
  std::array<char, 64> buffer{};
  const auto arrival = connection->read_some(buffer, in(kLong));
  ASSERT_EQ(arrival.what, What::kBytes);
  EXPECT_EQ(std::string(buffer.data(), arrival.bytes), "100000");
  EXPECT_EQ(connection->wait_for_end(in(kLong)).what, What::kEnd);
}

TEST(Connection, WaitsForTheEndNoLongerThanTold) {
  std::promise<void> over;
  LoopbackPeer peer{[&](Socket& client) {
    asio::write(client, asio::buffer(std::string{"unasked"}));
    over.get_future().wait();
  }};
  auto connection = reach(peer);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  EXPECT_EQ(connection->wait_for_end(in(kLong)).what, What::kBytes);
  EXPECT_EQ(connection->wait_for_end(in(kShort)).what, What::kNothing);
  over.set_value();
}

TEST(Connection, ThatIsClosedFailsWithoutHarm) {
  LoopbackPeer peer{[](Socket& client) { (void)read_all(client); }};
  auto connection = reach(peer);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  connection->close();
  connection->close();
  std::array<char, 4> buffer{};
  EXPECT_EQ(connection->read_some(buffer, in(kShort)).what, What::kBroken);
  EXPECT_FALSE(connection->write("x", in(kShort)).has_value());
}

}  // namespace
}  // namespace remora::net
