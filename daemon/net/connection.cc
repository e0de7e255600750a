#include "daemon/net/connection.h"

#include <array>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <openssl/err.h>

#include "daemon/net/tls_client.h"

namespace remora::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// What may lie in front of the data that is asked for without waiting: each is a call of SSL_read
/// that has nothing. Servers send two session tickets after the handshake.
constexpr int kRecordsWithoutData = 4;

}  // namespace

/// Every call is tried without blocking; where it would block, `ready` waits. So nothing is ever
/// under way when a deadline passes, and the connection stays what it was.
struct Connection::Parts {
  asio::io_context io;
  tcp::socket socket{io};
  SslPointer ssl;
  std::string peer;

  [[nodiscard]] std::string at(const std::string& problem) const { return peer + ": " + problem; }

  /// Whether one operation that calls `ended` once ends before `deadline`; after that it is
  /// cancelled by `cancel`, and has ended too.
  template <typename Begin, typename Cancel>
  [[nodiscard]] bool within(Deadline deadline, Begin begin, Cancel cancel) {
    bool ended = false;
    begin([&ended] { ended = true; });
    io.restart();
    (void)io.run_until(deadline);
    if (ended) { return true; }
    cancel();
    io.restart();
    (void)io.run();
    return false;
  }

  [[nodiscard]] bool ready(tcp::socket::wait_type what, Deadline deadline) {
    return within(
        deadline, [&](auto ended) { socket.async_wait(what, [ended](error_code) { ended(); }); },
        [&] {
          error_code ignored;
          (void)socket.cancel(ignored);
        });
  }

  [[nodiscard]] tl::expected<std::vector<tcp::endpoint>, std::string> resolve(
      const Address& address, Deadline deadline);
  [[nodiscard]] std::string open(const tcp::endpoint& endpoint, Deadline deadline);
  [[nodiscard]] std::string shake_hands(const Address& address,
                                        const delivery::TlsSettings& settings, Deadline deadline);

  /// What SSL_get_error says of one call, which is made again until it need not wait.
  struct Done {
    int result;  ///< of the call
    int cause;   ///< SSL_ERROR_NONE: it succeeded; SSL_ERROR_WANT_*: the deadline passed
  };
  template <typename Call>
  [[nodiscard]] Done call_tls(Call call, Deadline deadline) {
    for (int late = 0;;) {
      ERR_clear_error();
      errno = 0;
      const int result = call(ssl.get());
      const int cause = result > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl.get(), result);
      const bool reads = cause == SSL_ERROR_WANT_READ;
      if (!reads && cause != SSL_ERROR_WANT_WRITE) { return {result, cause}; }
      if (ready(reads ? tcp::socket::wait_read : tcp::socket::wait_write, deadline)) { continue; }
      if (!reads || ++late > kRecordsWithoutData) { return {result, cause}; }
    }
  }

  [[nodiscard]] tl::expected<std::size_t, std::string> write_some(std::string_view bytes,
                                                                  Deadline deadline);
  [[nodiscard]] Arrival read_plain(std::span<char> buffer, Deadline deadline);
  [[nodiscard]] Arrival read_tls(std::span<char> buffer, Deadline deadline);
};

namespace {

[[nodiscard]] bool timed_out(int cause) {
  return cause == SSL_ERROR_WANT_READ || cause == SSL_ERROR_WANT_WRITE;
}

[[nodiscard]] std::string words(const error_code& error) {
  if (error == asio::error::connection_refused) {
    return "connection refused; is anything listening there?";
  }
  if (error == asio::error::host_not_found || error == asio::error::no_data) {
    return "unknown host; look at the name and at this machine's resolver";
  }
  if (error == asio::error::host_not_found_try_again) {
    return "the host cannot be looked up now; look at this machine's resolver";
  }
  if (error == asio::error::connection_reset || error == asio::error::broken_pipe) {
    return "it broke the connection";
  }
  if (error == asio::error::host_unreachable || error == asio::error::network_unreachable) {
    return "cannot be reached; look at the routes and firewalls between";
  }
  return error.message();
}

}  // namespace

tl::expected<std::vector<tcp::endpoint>, std::string> Connection::Parts::resolve(
    const Address& address, Deadline deadline) {
  error_code error;
  const auto literal = asio::ip::make_address(address.host, error);
  if (!error) { return std::vector{tcp::endpoint{literal, address.port}}; }
  tcp::resolver resolver{io};
  std::vector<tcp::endpoint> found;
  const bool in_time = within(
      deadline,
      [&](auto ended) {
        resolver.async_resolve(address.host, std::to_string(address.port),
                               tcp::resolver::numeric_service,
                               [&, ended](error_code why, const tcp::resolver::results_type& all) {
                                 error = why;
                                 for (const auto& one : all) { found.push_back(one.endpoint()); }
                                 ended();
                               });
      },
      [&] { resolver.cancel(); });
  if (!in_time) {
    return tl::unexpected{at("the host's look-up took too long; look at this machine's resolver")};
  }
  if (error) { return tl::unexpected{at(words(error))}; }
  return found;
}

/// Why not; empty when it is open.
std::string Connection::Parts::open(const tcp::endpoint& endpoint, Deadline deadline) {
  error_code error;
  (void)socket.close(error);
  (void)socket.open(endpoint.protocol(), error);
  if (error) { return words(error); }
  const bool in_time = within(
      deadline,
      [&](auto ended) {
        socket.async_connect(endpoint, [&error, ended](error_code why) {
          error = why;
          ended();
        });
      },
      [&] {
        error_code ignored;
        (void)socket.close(ignored);
      });
  if (!in_time) { return "does not answer; look at its firewall"; }
  if (!error) { (void)socket.non_blocking(true, error); }
  if (!error) { (void)socket.native_non_blocking(true, error); }
  if (error) { return words(error); }
  // Small messages wait for an answer: nothing follows that they could be joined with.
  (void)socket.set_option(tcp::no_delay{true}, error);
  (void)socket.set_option(asio::socket_base::keep_alive{true}, error);
  return {};
}

std::string Connection::Parts::shake_hands(const Address& address,
                                           const delivery::TlsSettings& settings,
                                           Deadline deadline) {
  auto made = make_tls_client(socket.native_handle(), address.host, settings);
  if (!made.has_value()) { return made.error(); }
  ssl = std::move(*made);
  const auto done = call_tls(SSL_do_handshake, deadline);
  if (done.cause == SSL_ERROR_NONE) { return {}; }
  if (timed_out(done.cause)) { return at("no TLS handshake in time; does it speak TLS?"); }
  return at(tls_problem(*ssl, done.cause));
}

tl::expected<Connection, std::string> Connection::connect(const Address& address,
                                                          const delivery::TlsSettings& tls,
                                                          std::chrono::milliseconds limit) {
  const auto deadline = in(limit);
  auto parts = std::make_unique<Parts>();
  parts->peer = to_string(address);
  const auto endpoints = parts->resolve(address, deadline);
  if (!endpoints.has_value()) { return tl::unexpected{endpoints.error()}; }
  std::string problem = "unknown host";
  std::size_t left = endpoints->size();
  for (const auto& endpoint : *endpoints) {
    const auto now = std::chrono::steady_clock::now();
    problem = parts->open(endpoint, now + (deadline - now) / left);
    if (problem.empty()) { break; }
    --left;
  }
  if (!problem.empty()) { return tl::unexpected{parts->at(problem)}; }
  if (tls.enabled) {
    problem = parts->shake_hands(address, tls, deadline);
    if (!problem.empty()) { return tl::unexpected{problem}; }
  }
  return Connection{std::move(parts)};
}

tl::expected<std::size_t, std::string> Connection::Parts::write_some(std::string_view bytes,
                                                                     Deadline deadline) {
  const auto late = [this] { return tl::unexpected{at("takes nothing more; is it overloaded?")}; };
  if (ssl != nullptr) {
    // A record at a time: OpenSSL counts in int.
    const auto size =
        static_cast<int>(std::min(bytes.size(), std::size_t{SSL3_RT_MAX_PLAIN_LENGTH}));
    const auto done =
        call_tls([&](SSL* on) { return SSL_write(on, bytes.data(), size); }, deadline);
    if (done.cause == SSL_ERROR_NONE) { return static_cast<std::size_t>(done.result); }
    if (timed_out(done.cause)) { return late(); }
    return tl::unexpected{at(tls_problem(*ssl, done.cause))};
  }
  while (true) {
    error_code error;
    const auto sent = socket.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    if (!error) { return sent; }
    if (error != asio::error::would_block) { return tl::unexpected{at(words(error))}; }
    if (!ready(tcp::socket::wait_write, deadline)) { return late(); }
  }
}

Arrival Connection::Parts::read_plain(std::span<char> buffer, Deadline deadline) {
  using enum Arrival::What;
  while (true) {
    error_code error;
    const auto size = socket.read_some(asio::buffer(buffer.data(), buffer.size()), error);
    if (!error) { return {.what = kBytes, .bytes = size, .problem = {}}; }
    if (error == asio::error::eof) { return {.what = kEnd, .bytes = 0, .problem = {}}; }
    if (error != asio::error::would_block) {
      return {.what = kBroken, .bytes = 0, .problem = at(words(error))};
    }
    if (!ready(tcp::socket::wait_read, deadline)) {
      return {.what = kNothing, .bytes = 0, .problem = at("no answer in time")};
    }
  }
}

Arrival Connection::Parts::read_tls(std::span<char> buffer, Deadline deadline) {
  using enum Arrival::What;
  const auto size =
      static_cast<int>(std::min(buffer.size(), std::size_t{SSL3_RT_MAX_PLAIN_LENGTH}));
  const auto done = call_tls([&](SSL* on) { return SSL_read(on, buffer.data(), size); }, deadline);
  if (done.cause == SSL_ERROR_NONE) {
    return {.what = kBytes, .bytes = static_cast<std::size_t>(done.result), .problem = {}};
  }
  if (done.cause == SSL_ERROR_ZERO_RETURN) { return {.what = kEnd, .bytes = 0, .problem = {}}; }
  if (timed_out(done.cause)) {
    return {.what = kNothing, .bytes = 0, .problem = at("no answer in time")};
  }
  const bool cut = ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  return {.what = cut ? kCut : kBroken, .bytes = 0, .problem = at(tls_problem(*ssl, done.cause))};
}

Connection::Connection(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

tl::expected<void, std::string> Connection::write(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const auto sent = parts_->write_some(bytes, deadline);
    if (!sent.has_value()) { return tl::unexpected{sent.error()}; }
    bytes.remove_prefix(*sent);
  }
  return {};
}

Arrival Connection::read_some(std::span<char> buffer, Deadline deadline) {
  return parts_->ssl != nullptr ? parts_->read_tls(buffer, deadline)
                                : parts_->read_plain(buffer, deadline);
}

tl::expected<void, std::string> Connection::finish_writing(Deadline deadline) {
  if (parts_->ssl != nullptr) {
    // 0 is success as well: close_notify is out, the peer's not in.
    const auto closed = [](SSL* on) { return SSL_shutdown(on) >= 0 ? 1 : -1; };
    const auto done = parts_->call_tls(closed, deadline);
    if (timed_out(done.cause)) { return tl::unexpected{parts_->at("takes nothing more")}; }
    if (done.cause != SSL_ERROR_NONE) {
      return tl::unexpected{parts_->at(tls_problem(*parts_->ssl, done.cause))};
    }
  }
  error_code error;
  (void)parts_->socket.shutdown(tcp::socket::shutdown_send, error);
  if (error) { return tl::unexpected{parts_->at(words(error))}; }
  return {};
}

Arrival Connection::wait_for_end(Deadline deadline) {
  std::array<char, 512> lost{};
  auto arrival = read_some(lost, deadline);
  if (arrival.what != Arrival::What::kEnd || parts_->ssl == nullptr) { return arrival; }
  // close_notify may come from a peer that then leaves what it has not read: a reset tells.
  arrival = parts_->read_plain(lost, deadline);
  if (arrival.what == Arrival::What::kBytes) {
    return {.what = Arrival::What::kBroken,
            .bytes = 0,
            .problem = parts_->at("it sent more after it had closed TLS")};
  }
  return arrival;
}

void Connection::close() {
  error_code ignored;
  (void)parts_->socket.close(ignored);
}

const std::string& Connection::peer() const {
  return parts_->peer;
}

int Connection::socket() const {
  return parts_->socket.native_handle();
}

}  // namespace remora::net
