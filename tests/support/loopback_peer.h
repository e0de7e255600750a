#pragma once

#include <chrono>
#include <functional>
#include <linux/sockios.h>
#include <memory>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/ioctl.h>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include "tests/support/made_authority.h"

namespace remora::testing {

/// Listens on a port of the loopback that the kernel chose, and plays its parts in a thread of its
/// own, each with one client, one after the other.
class LoopbackPeer {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Part = std::function<void(Socket& client)>;

  explicit LoopbackPeer(Part part) : LoopbackPeer{std::vector{std::move(part)}} {}
  /// Nobody else is let in. Exceptions that end a part are ignored: that client's peer is then
  /// gone.
  explicit LoopbackPeer(std::vector<Part> parts)
      : parts_{std::move(parts)}, thread_{[this] {
          for (const auto& part : parts_) {
            Socket client{io_};
            boost::system::error_code error;
            (void)acceptor_.accept(client, error);
            if (error) { return; }
            boost::system::error_code ignored;
            if (&part == &parts_.back()) { (void)acceptor_.close(ignored); }
            try {
              part(client);
            } catch (const std::exception& gone) { problem_ = gone.what(); }
          }
        }} {}
  LoopbackPeer(const LoopbackPeer&) = delete;
  LoopbackPeer& operator=(const LoopbackPeer&) = delete;
  LoopbackPeer(LoopbackPeer&&) = delete;
  LoopbackPeer& operator=(LoopbackPeer&&) = delete;
  ~LoopbackPeer() { finish(); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Waits for the end of the parts; what ended the last of those that ended early, if any.
  const std::string& finish() {
    if (!thread_.joinable()) { return problem_; }
    // Where no client ever came, these do.
    boost::asio::io_context io;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      boost::system::error_code ignored;
      Socket last{io};
      (void)last.connect({boost::asio::ip::address_v4::loopback(), port_}, ignored);
      (void)last.close(ignored);
    }
    thread_.join();
    return problem_;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::uint16_t port_{acceptor_.local_endpoint().port()};
  std::string problem_;
  std::vector<Part> parts_;
  std::thread thread_;
};

/// Waits, without reading, until the client has ended its side; so all that it sent is there.
inline void await_its_end(LoopbackPeer::Socket& client) {
  pollfd waiting{.fd = client.native_handle(), .events = POLLRDHUP, .revents = 0};
  (void)::poll(&waiting, 1, 30'000);
}

/// Waits until all that was sent to the client is there.
inline void await_arrival(LoopbackPeer::Socket& client) {
  int left = 1;
  while (::ioctl(client.native_handle(), SIOCOUTQ, &left) == 0 && left > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
}

/// A part that speaks TLS first: `own` is the server's certificate; `client_ca` empty: it asks for
/// no certificate of the client.
[[nodiscard]] inline LoopbackPeer::Part over_tls(
    const CertificateFiles& own, const std::string& client_ca,
    std::function<void(boost::asio::ssl::stream<LoopbackPeer::Socket&>&)> part) {
  return [own, client_ca, part = std::move(part)](LoopbackPeer::Socket& client) {
    namespace ssl = boost::asio::ssl;
    ssl::context context{ssl::context::tls_server};
    context.use_certificate_chain_file(own.certificate);
    context.use_private_key_file(own.key, ssl::context::pem);
    if (!client_ca.empty()) {
      context.load_verify_file(client_ca);
      context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    }
    ssl::stream<LoopbackPeer::Socket&> stream{client, context};
    stream.handshake(ssl::stream_base::server);
    part(stream);
  };
}

/// A part that shakes hands and later says close_notify, unasked, having read nothing; `before` and
/// `after` that it does with the socket below what they like.
[[nodiscard]] inline LoopbackPeer::Part closing_tls_unasked(const CertificateFiles& own,
                                                            LoopbackPeer::Part before,
                                                            LoopbackPeer::Part after) {
  return [own, before = std::move(before), after = std::move(after)](LoopbackPeer::Socket& client) {
    namespace ssl = boost::asio::ssl;
    ssl::context context{ssl::context::tls_server};
    context.use_certificate_chain_file(own.certificate);
    context.use_private_key_file(own.key, ssl::context::pem);
    // Not Asio's stream, which reads ahead, and reads when it closes.
    const std::unique_ptr<SSL, decltype(&SSL_free)> stream{SSL_new(context.native_handle()),
                                                           SSL_free};
    if (SSL_set_fd(stream.get(), client.native_handle()) != 1 || SSL_accept(stream.get()) != 1) {
      throw std::runtime_error{"no TLS handshake"};
    }
    before(client);
    (void)SSL_shutdown(stream.get());
    after(client);
  };
}

}  // namespace remora::testing
