#pragma once

#include <functional>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include "tests/support/made_authority.h"

namespace remora::testing {

/// Listens on a port of the loopback that the kernel chose, and plays a part with the first client
/// in a thread of its own.
class LoopbackPeer {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Part = std::function<void(Socket& client)>;

  /// Nobody else is let in. Exceptions that end `part` are ignored: the peer is then gone.
  explicit LoopbackPeer(Part part)
      : thread_{[this, part = std::move(part)] {
          Socket client{io_};
          boost::system::error_code error;
          (void)acceptor_.accept(client, error);
          if (error) { return; }
          boost::system::error_code ignored;
          (void)acceptor_.close(ignored);
          try {
            part(client);
          } catch (const std::exception& gone) { problem_ = gone.what(); }
        }} {}
  LoopbackPeer(const LoopbackPeer&) = delete;
  LoopbackPeer& operator=(const LoopbackPeer&) = delete;
  LoopbackPeer(LoopbackPeer&&) = delete;
  LoopbackPeer& operator=(LoopbackPeer&&) = delete;
  ~LoopbackPeer() { finish(); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Waits for the end of the part; what ended it early, if anything.
  const std::string& finish() {
    if (!thread_.joinable()) { return problem_; }
    // Where no client ever came, this one does.
    boost::asio::io_context io;
    boost::system::error_code ignored;
    Socket last{io};
    (void)last.connect({boost::asio::ip::address_v4::loopback(), port_}, ignored);
    (void)last.close(ignored);
    thread_.join();
    return problem_;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::uint16_t port_{acceptor_.local_endpoint().port()};
  std::string problem_;
  std::thread thread_;
};

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

}  // namespace remora::testing
