#include "daemon/net/end_in_order.h"

#include <array>
#include <future>
#include <string>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/loopback_peer.h"
#include "tests/support/made_authority.h"
#include "tests/support/scratch_folder.h"

namespace remora::net {
namespace {

namespace asio = boost::asio;
using testing::await_its_end;
using testing::closing_tls_unasked;
using testing::LoopbackPeer;
using testing::over_tls;
using Socket = LoopbackPeer::Socket;
using Stream = asio::ssl::stream<Socket&>;
using ::testing::HasSubstr;
using What = Arrival::What;

constexpr std::chrono::seconds kLong{30};
constexpr std::chrono::milliseconds kShort{100};

template <typename From>
[[nodiscard]] std::string read_all(From& from) {
  std::string all;
  boost::system::error_code ignored;
  (void)asio::read(from, asio::dynamic_buffer(all), ignored);
  return all;
}

class EndInOrder : public ::testing::Test {
 protected:
  [[nodiscard]] tl::expected<Connection, std::string> reach(const LoopbackPeer& peer,
                                                            bool with_tls = false) const {
    delivery::TlsSettings tls;
    tls.enabled = with_tls;
    tls.ca_file = authority.file();
    return Connection::connect({.host = "127.0.0.1", .port = peer.port()}, tls, kLong);
  }
  /// Of a connection on which `bytes` were written; empty when it ended in order.
  [[nodiscard]] std::string problem_of(const LoopbackPeer& peer, bool with_tls = false,
                                       std::chrono::milliseconds limit = kLong,
                                       const std::string& bytes = "events") const {
    auto connection = reach(peer, with_tls);
    if (!connection.has_value()) { return "not connected: " + connection.error(); }
    if (const auto written = connection->write(bytes, in(kLong)); !written.has_value()) {
      return "not written: " + written.error();
    }
    const auto ended = end_in_order(*connection, in(limit));
    return ended.has_value() ? "" : ended.error();
  }

  testing::ScratchFolder folder;
  testing::MadeAuthority authority{folder.path(), "authority"};
  testing::CertificateFiles server{authority.make("server", "DNS:localhost,IP:127.0.0.1")};
};

TEST_F(EndInOrder, ProvesWhatThePeerHasRead) {
  std::string got;
  LoopbackPeer peer{[&](Socket& client) { got = read_all(client); }};
  EXPECT_EQ(problem_of(peer, false, kLong, std::string(1'000'000, 'x')), "");
  EXPECT_EQ(peer.finish(), "");
  EXPECT_EQ(got.size(), 1'000'000);
}

TEST_F(EndInOrder, ProvesWhatThePeerHasReadOverTls) {
  std::string got;
  LoopbackPeer peer{over_tls(server, "", [&](Stream& client) {
    got = read_all(client);
    client.shutdown();
  })};
  EXPECT_EQ(problem_of(peer, true, kLong, std::string(1'000'000, 'x')), "");
  EXPECT_EQ(peer.finish(), "");
  EXPECT_EQ(got.size(), 1'000'000);
}

TEST_F(EndInOrder, AnEndThatCameFirstProvesNothing) {
  LoopbackPeer peer{[](Socket& client) {
    client.shutdown(Socket::shutdown_send);
    await_its_end(client);
  }};
  auto connection = reach(peer);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  std::array<char, 8> buffer{};
  ASSERT_EQ(connection->read_some(buffer, in(kLong)).what, What::kEnd);
  ASSERT_TRUE(connection->write("events", in(kLong)).has_value());
  const auto ended = end_in_order(*connection, in(kLong));
  ASSERT_FALSE(ended.has_value());
  EXPECT_THAT(ended.error(), HasSubstr("before it had all"));
  connection->close();
}

TEST_F(EndInOrder, AnEndOfTlsThatCameFirstProvesNothing) {
  LoopbackPeer peer{closing_tls_unasked(
      server, [](Socket&) {}, [](Socket& client) { await_its_end(client); })};
  auto connection = reach(peer, true);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  std::array<char, 8> buffer{};
  ASSERT_EQ(connection->read_some(buffer, in(kLong)).what, What::kEnd);
  ASSERT_TRUE(connection->write("events", in(kLong)).has_value());
  const auto ended = end_in_order(*connection, in(kLong));
  ASSERT_FALSE(ended.has_value());
  EXPECT_THAT(ended.error(), HasSubstr("before it had all"));
  connection->close();
}

TEST_F(EndInOrder, ACloseThatLeavesBytesUnreadIsAFailure) {
  const LoopbackPeer peer{[](Socket& client) { await_its_end(client); }};
  EXPECT_THAT(problem_of(peer), HasSubstr("broke"));
}

TEST_F(EndInOrder, ACloseNotifyThatLeavesBytesUnreadIsAFailure) {
  const LoopbackPeer peer{closing_tls_unasked(
      server, [](Socket& client) { await_its_end(client); }, [](Socket&) {})};
  EXPECT_THAT(problem_of(peer, true), HasSubstr("broke"));
}

TEST_F(EndInOrder, ACloseNotifyAloneIsNoEnd) {
  std::promise<void> over;
  const LoopbackPeer peer{closing_tls_unasked(
      server, [](Socket& client) { await_its_end(client); },
      [&](Socket&) { over.get_future().wait(); })};
  EXPECT_THAT(problem_of(peer, true, kShort), HasSubstr("does not end the connection"));
  over.set_value();
}

TEST_F(EndInOrder, MoreBehindACloseNotifyIsAFailure) {
  std::promise<void> over;
  const LoopbackPeer peer{closing_tls_unasked(
      server, [](Socket& client) { await_its_end(client); },
      [&](Socket& client) {
        asio::write(client, asio::buffer(std::string{"more"}));
        over.get_future().wait();
      })};
  EXPECT_THAT(problem_of(peer, true), HasSubstr("more after it had closed TLS"));
  over.set_value();
}

TEST_F(EndInOrder, WaitsNoLongerThanTold) {
  std::promise<void> over;
  const LoopbackPeer peer{[&](Socket&) { over.get_future().wait(); }};
  EXPECT_THAT(problem_of(peer, false, kShort), HasSubstr("does not end the connection"));
  over.set_value();
}

TEST_F(EndInOrder, AnAnswerIsNoEnd) {
  std::promise<void> over;
  const LoopbackPeer peer{[&](Socket& client) {
    asio::write(client, asio::buffer(std::string{"250 hello"}));
    over.get_future().wait();
  }};
  EXPECT_THAT(problem_of(peer), HasSubstr("it answered"));
  over.set_value();
}

}  // namespace
}  // namespace remora::net
