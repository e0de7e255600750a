#include <array>
#include <future>
#include <string>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/net/connection.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/made_authority.h"
#include "tests/support/scratch_folder.h"

namespace remora::net {
namespace {

namespace asio = boost::asio;
using testing::LoopbackPeer;
using testing::over_tls;
using Socket = LoopbackPeer::Socket;
using Stream = asio::ssl::stream<Socket&>;
using ::testing::HasSubstr;
using What = Arrival::What;

constexpr std::chrono::seconds kLong{30};
constexpr std::chrono::milliseconds kShort{50};

[[nodiscard]] std::string read_all(Stream& from) {
  std::string all;
  boost::system::error_code ignored;
  (void)asio::read(from, asio::dynamic_buffer(all), ignored);
  return all;
}

class TlsConnection : public ::testing::Test {
 protected:
  [[nodiscard]] delivery::TlsSettings trusting() const {
    delivery::TlsSettings tls;
    tls.enabled = true;
    tls.ca_file = authority.file();
    return tls;
  }
  [[nodiscard]] static tl::expected<Connection, std::string> reach(
      const LoopbackPeer& peer, const delivery::TlsSettings& tls,
      const std::string& host = "127.0.0.1") {
    return Connection::connect({.host = host, .port = peer.port()}, tls, kLong);
  }
  /// Why a server with this certificate is refused.
  [[nodiscard]] static std::string refusal(const testing::CertificateFiles& own,
                                           const delivery::TlsSettings& tls,
                                           const std::string& host = "127.0.0.1") {
    const LoopbackPeer peer{over_tls(own, "", [](Stream& client) { (void)read_all(client); })};
    const auto connection = reach(peer, tls, host);
    return connection.has_value() ? "none" : connection.error();
  }

  testing::ScratchFolder folder;
  testing::MadeAuthority authority{folder.path(), "authority"};
  testing::CertificateFiles server{authority.make("server", "DNS:localhost,IP:127.0.0.1")};
};

TEST_F(TlsConnection, CarriesBytesAndEndsInOrder) {
  LoopbackPeer peer{over_tls(server, "", [](Stream& client) {
    const auto all = read_all(client);
    asio::write(client, asio::buffer(std::to_string(all.size())));
    client.shutdown();
  })};
  auto connection = reach(peer, trusting());
  ASSERT_TRUE(connection.has_value()) << connection.error();
  ASSERT_TRUE(connection->write(std::string(1'000'000, 'x'), in(kLong)).has_value());
  ASSERT_TRUE(connection->finish_writing(in(kLong)).has_value());
  std::array<char, 64> buffer{};
  const auto arrival = connection->read_some(buffer, in(kLong));
  ASSERT_EQ(arrival.what, What::kBytes) << arrival.problem;
  EXPECT_EQ(std::string(buffer.data(), arrival.bytes), "1000000");
  EXPECT_EQ(connection->wait_for_end(in(kLong)).what, What::kEnd);
}

TEST_F(TlsConnection, TellsAnEndThatTlsDidNotAnnounce) {
  const LoopbackPeer peer{over_tls(server, "", [](Stream&) {})};
  auto connection = reach(peer, trusting());
  ASSERT_TRUE(connection.has_value()) << connection.error();
  const auto arrival = connection->wait_for_end(in(kLong));
  EXPECT_EQ(arrival.what, What::kCut);
  EXPECT_THAT(arrival.problem, HasSubstr("without closing TLS"));
}

TEST_F(TlsConnection, VerifiesANameAndSendsIt) {
  std::string asked;
  LoopbackPeer peer{over_tls(server, "", [&](Stream& client) {
    const char* name = SSL_get_servername(client.native_handle(), TLSEXT_NAMETYPE_host_name);
    asked = name == nullptr ? "none" : name;
  })};
  const auto connection = reach(peer, trusting(), "localhost");
  ASSERT_TRUE(connection.has_value()) << connection.error();
  EXPECT_EQ(peer.finish(), "");
  EXPECT_EQ(asked, "localhost");
}

TEST_F(TlsConnection, TakesTheNameOfTheSettingsForTheHost) {
  const auto elsewhere = authority.make("elsewhere", "DNS:collector.example");
  auto tls = trusting();
  EXPECT_THAT(refusal(elsewhere, tls), HasSubstr("bears another name"));
  tls.server_name = "collector.example";
  EXPECT_EQ(refusal(elsewhere, tls), "none");
}

TEST_F(TlsConnection, RefusesAnotherName) {
  const auto elsewhere = authority.make("elsewhere", "DNS:collector.example,IP:192.0.2.1");
  EXPECT_THAT(refusal(elsewhere, trusting()), HasSubstr("bears another name"));
  EXPECT_THAT(refusal(elsewhere, trusting(), "localhost"), HasSubstr("set server_name"));
}

TEST_F(TlsConnection, RefusesAnotherAuthority) {
  testing::MadeAuthority other{folder.path(), "other"};
  auto tls = trusting();
  tls.ca_file = other.file();
  EXPECT_THAT(refusal(server, tls), HasSubstr("set ca_file"));
  tls.ca_file.clear();
  EXPECT_THAT(refusal(server, tls), HasSubstr("set ca_file"));
}

TEST_F(TlsConnection, RefusesAnExpiredCertificate) {
  const auto expired =
      authority.make("expired", "DNS:localhost,IP:127.0.0.1", std::chrono::seconds{-60});
  EXPECT_THAT(refusal(expired, trusting()), HasSubstr("expired"));
}

TEST_F(TlsConnection, TrustsAnybodyWhereVerificationIsOff) {
  const auto expired =
      authority.make("expired", "DNS:collector.example", std::chrono::seconds{-60});
  delivery::TlsSettings tls;
  tls.enabled = true;
  tls.verify = false;
  EXPECT_EQ(refusal(expired, tls), "none");
}

TEST_F(TlsConnection, ShowsItsOwnCertificate) {
  const auto own = authority.make("client", "DNS:sensor.example");
  LoopbackPeer peer{over_tls(server, authority.file(), [](Stream& client) {
    asio::write(client, asio::buffer(std::string{"welcome"}));
    (void)read_all(client);
  })};
  auto tls = trusting();
  tls.certificate_file = own.certificate;
  tls.key_file = own.key;
  auto connection = reach(peer, tls);
  ASSERT_TRUE(connection.has_value()) << connection.error();
  EXPECT_EQ(connection->wait_for_end(in(kLong)).what, What::kBytes);
}

TEST_F(TlsConnection, SaysThatThePeerWantsACertificate) {
  const LoopbackPeer peer{over_tls(server, authority.file(), [](Stream&) {})};
  auto connection = reach(peer, trusting());
  ASSERT_TRUE(connection.has_value()) << connection.error();
  const auto arrival = connection->wait_for_end(in(kLong));
  EXPECT_EQ(arrival.what, What::kBroken);
  EXPECT_THAT(arrival.problem, HasSubstr("set certificate_file and key_file"));
}

TEST_F(TlsConnection, SaysWhichFileCannotBeUsed) {
  auto tls = trusting();
  tls.ca_file = "/nowhere/ca.pem";
  EXPECT_THAT(refusal(server, tls), HasSubstr("/nowhere/ca.pem: no certificate"));
  tls = trusting();
  tls.certificate_file = "/nowhere/own.pem";
  EXPECT_THAT(refusal(server, tls), HasSubstr("/nowhere/own.pem: no certificate"));
  const auto own = authority.make("client", "DNS:sensor.example");
  tls.certificate_file = own.certificate;
  tls.key_file = server.key;
  EXPECT_THAT(refusal(server, tls), HasSubstr(server.key + ": no key of the certificate"));
}

TEST_F(TlsConnection, SaysThatThePeerSpeaksNoTls) {
  const LoopbackPeer peer{[](Socket& client) {
    asio::write(client, asio::buffer(std::string{"220 mail.example ready\r\n"}));
    std::array<char, 1024> lost{};
    (void)client.read_some(asio::buffer(lost));
  }};
  const auto connection = reach(peer, trusting());
  ASSERT_FALSE(connection.has_value());
  EXPECT_THAT(connection.error(), HasSubstr("does not speak TLS"));
}

TEST_F(TlsConnection, GivesUpAHandshakeThatStalls) {
  std::promise<void> over;
  const LoopbackPeer peer{[&](Socket&) { over.get_future().wait(); }};
  const auto connection = Connection::connect({.host = "127.0.0.1", .port = peer.port()},
                                              trusting(), std::chrono::milliseconds{300});
  over.set_value();
  ASSERT_FALSE(connection.has_value());
  EXPECT_THAT(connection.error(), HasSubstr("no TLS handshake in time"));
}

TEST_F(TlsConnection, OutlivesADeadlineThatPassesWhileItReads) {
  std::promise<void> asked;
  const LoopbackPeer peer{over_tls(server, "", [&](Stream& client) {
    asked.get_future().wait();
    asio::write(client, asio::buffer(std::string{"late"}));
    (void)read_all(client);
  })};
  auto connection = reach(peer, trusting());
  ASSERT_TRUE(connection.has_value()) << connection.error();
  std::array<char, 64> buffer{};
  EXPECT_EQ(connection->read_some(buffer, in(kShort)).what, What::kNothing);
  asked.set_value();
  EXPECT_EQ(connection->read_some(buffer, in(kLong)).what, What::kBytes);
}

TEST_F(TlsConnection, IsNotHeldByRecordsWithoutData) {
  std::promise<void> sent;
  const LoopbackPeer peer{over_tls(server, "", [&](Stream& client) {
    for (int i = 0; i < 100; ++i) {
      (void)SSL_key_update(client.native_handle(), SSL_KEY_UPDATE_NOT_REQUESTED);
      (void)SSL_do_handshake(client.native_handle());
    }
    asio::write(client, asio::buffer(std::string{"late"}));
    testing::await_arrival(client.next_layer());
    sent.set_value();
    (void)read_all(client);
  })};
  auto connection = reach(peer, trusting());
  ASSERT_TRUE(connection.has_value()) << connection.error();
  sent.get_future().wait();
  std::array<char, 64> buffer{};
  EXPECT_EQ(connection->read_some(buffer, Deadline{}).what, What::kNothing);
  const auto arrival = connection->read_some(buffer, in(kLong));
  ASSERT_EQ(arrival.what, What::kBytes) << arrival.problem;
  EXPECT_EQ(std::string(buffer.data(), arrival.bytes), "late");
}

TEST_F(TlsConnection, SeesWhatIsBehindSessionTicketsWithoutWaiting) {
  std::promise<void> sent;
  const LoopbackPeer peer{over_tls(server, "", [&](Stream& client) {
    asio::write(client, asio::buffer(std::string{"x"}));
    testing::await_arrival(client.next_layer());
    sent.set_value();
    (void)read_all(client);
  })};
  auto connection = reach(peer, trusting());
  ASSERT_TRUE(connection.has_value()) << connection.error();
  sent.get_future().wait();
  std::array<char, 64> buffer{};
  EXPECT_EQ(connection->read_some(buffer, Deadline{}).what, What::kBytes);
}

TEST_F(TlsConnection, RaisesNoSignalWhereThePeerIsGone) {
  LoopbackPeer peer{over_tls(server, "", [](Stream& client) {
    client.next_layer().set_option(asio::socket_base::linger{true, 0});
    client.next_layer().close();
  })};
  auto connection = reach(peer, trusting());
  ASSERT_TRUE(connection.has_value()) << connection.error();
  (void)peer.finish();
  const auto written = connection->write(std::string(1U << 20U, 'x'), in(kLong));
  ASSERT_FALSE(written.has_value());
  EXPECT_FALSE(connection->write("x", in(kLong)).has_value());
}

}  // namespace
}  // namespace remora::net
