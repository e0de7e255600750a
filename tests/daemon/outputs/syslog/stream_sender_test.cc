#include "daemon/outputs/syslog/stream_sender.h"

#include <string>
#include <vector>

#include <boost/asio/read.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/loopback_peer.h"
#include "tests/support/made_authority.h"
#include "tests/support/scratch_folder.h"

namespace remora::outputs::syslog {
namespace {

namespace asio = boost::asio;
using testing::await_its_end;
using testing::closing_tls_unasked;
using testing::LoopbackPeer;
using testing::over_tls;
using Part = LoopbackPeer::Part;
using Socket = LoopbackPeer::Socket;
using Stream = asio::ssl::stream<Socket&>;
using ::testing::HasSubstr;

/// More than the system's buffers hold: it cannot all be written before the peer has read some.
constexpr std::size_t kMuch = 64U << 20U;
constexpr std::size_t kLittle = 1000;

template <typename From>
[[nodiscard]] std::size_t read_at_most(From& from, std::size_t most) {
  std::string all;
  boost::system::error_code ignored;
  return asio::read(from, asio::dynamic_buffer(all, most), ignored);
}

/// A client after the other, each to its end.
void read_to_the_end(Socket& client) {
  (void)read_at_most(client, kMuch + 1);
}

class SyslogStreamSender : public ::testing::Test {
 protected:
  /// What becomes of `size` bytes that are sent with `confirm`; empty: they count as taken.
  [[nodiscard]] std::string problem_of(std::vector<Part> parts, std::size_t size,
                                       bool tls = false) {
    const LoopbackPeer peer{std::move(parts)};
    StreamSender::Settings settings;
    settings.address = {.host = "127.0.0.1", .port = peer.port()};
    settings.tls.enabled = tls;
    settings.tls.ca_file = authority.file();
    settings.timeout = std::chrono::seconds{30};
    StreamSender sender{settings};
    const auto sent = sender.send(std::string(size, 'x'));
    return sent.has_value() ? "" : sent.error();
  }
  [[nodiscard]] Part reads_tls() {
    return over_tls(server, "", [this](Stream& client) {
      got += read_at_most(client, kMuch + 1);
      client.shutdown();
    });
  }
  [[nodiscard]] Part reads() {
    return [this](Socket& client) { got += read_at_most(client, kMuch + 1); };
  }

  std::size_t got{0};
  testing::ScratchFolder folder;
  testing::MadeAuthority authority{folder.path(), "authority"};
  testing::CertificateFiles server{authority.make("server", "DNS:localhost,IP:127.0.0.1")};
};

TEST_F(SyslogStreamSender, BelievesAReceiverThatReadsToTheEndAndLives) {
  EXPECT_EQ(problem_of({reads(), reads()}, kLittle), "");
  EXPECT_EQ(got, kLittle);
}

TEST_F(SyslogStreamSender, BelievesOneOverTls) {
  EXPECT_EQ(problem_of({reads_tls(), reads_tls()}, kLittle, true), "");
  EXPECT_EQ(got, kLittle);
}

TEST_F(SyslogStreamSender, WantsTheReceiverAlive) {
  EXPECT_THAT(problem_of({reads()}, kLittle), HasSubstr("refused"));
  EXPECT_THAT(problem_of({reads_tls()}, kLittle, true), HasSubstr("refused"));
}

TEST_F(SyslogStreamSender, DoesNotBelieveAnEarlyEndThoughAllIsRead) {
  const auto ends_early = [](Socket& client) {
    client.shutdown(Socket::shutdown_send);
    read_to_the_end(client);
  };
  EXPECT_THAT(problem_of({ends_early, reads()}, kMuch), HasSubstr("before it had all"));
}

TEST_F(SyslogStreamSender, DoesNotBelieveAnEarlyEndOfWhatIsNotRead) {
  const auto leaves_the_rest = [](Socket& client) {
    client.shutdown(Socket::shutdown_send);
    (void)read_at_most(client, kMuch - kLittle);
    await_its_end(client);
  };
  EXPECT_THAT(problem_of({leaves_the_rest, reads()}, kMuch), HasSubstr("before it had all"));
}

TEST_F(SyslogStreamSender, DoesNotBelieveACloseNotifyOfOneThatReadsNothing) {
  const auto nothing = [](Socket&) {};
  const auto wait = [](Socket& client) { await_its_end(client); };
  EXPECT_NE(problem_of({closing_tls_unasked(server, nothing, nothing), reads_tls()}, kLittle, true),
            "");
  EXPECT_NE(problem_of({closing_tls_unasked(server, nothing, wait), reads_tls()}, kLittle, true),
            "");
  EXPECT_THAT(problem_of({closing_tls_unasked(server, wait, nothing), reads_tls()}, kLittle, true),
              HasSubstr("broke"));
}

}  // namespace
}  // namespace remora::outputs::syslog
