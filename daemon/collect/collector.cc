#include "daemon/collect/collector.h"

#include <chrono>
#include <csignal>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace remora::collect {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Before it is tried again to accept: the system has no more descriptors.
constexpr std::chrono::seconds kPause{1};

[[nodiscard]] std::string set_up_tls(asio::ssl::context& context, const Options& options) {
  error_code error;
  const auto& key = options.key_file.empty() ? options.certificate_file : options.key_file;
  (void)context.use_certificate_chain_file(options.certificate_file, error);
  if (error) {
    return options.certificate_file + ": no certificate can be read from it (" + error.message() +
           "); name a readable PEM file";
  }
  // OpenSSL's own would ask at the terminal.
  (void)context.set_password_callback([](std::size_t, auto) { return std::string{}; }, error);
  (void)context.use_private_key_file(key, asio::ssl::context::pem, error);
  if (error) {
    return key + ": no key of the certificate can be read from it (" + error.message() +
           "); name a readable PEM file without passphrase";
  }
  auto* native = context.native_handle();
  (void)SSL_CTX_ctrl(native, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr);
  // Connections are few and long: nothing is gained by resumption, and less can go wrong without.
  (void)SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  (void)SSL_CTX_set_num_tickets(native, 0);
  (void)SSL_CTX_ctrl(native, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, nullptr);
  if (options.client_ca_file.empty()) { return {}; }
  (void)context.load_verify_file(options.client_ca_file, error);
  if (error) {
    return options.client_ca_file + ": no certificate can be read from it (" + error.message() +
           "); name a readable PEM file";
  }
  (void)context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert,
                                error);
  return {};
}

}  // namespace

class Collector::Parts final : public Host {
 public:
  Parts(event_file::EventFile file, std::size_t max_clients, Patience patience, Report report)
      : file_{std::move(file)},
        max_clients_{max_clients},
        patience_{patience},
        report_{std::move(report)} {}

  [[nodiscard]] std::string listen(const net::Address& address);
  [[nodiscard]] std::string set_up(const Options& options) {
    return set_up_tls(tls_.emplace(asio::ssl::context::tls_server), options);
  }
  [[nodiscard]] std::uint16_t port() const {
    error_code ignored;
    return acceptor_.local_endpoint(ignored).port();
  }
  [[nodiscard]] tl::expected<void, std::string> run();

  bool on_event(const v1::Event& event, std::string_view bytes) override {
    return file_.append(event, bytes);
  }
  void on_events_wait() override;
  void on_gone(Client& client) override;

 private:
  void accept();
  void admit(tcp::socket socket);
  void commit();
  void stop();
  /// A copy: what is done with them may make one go.
  [[nodiscard]] std::vector<std::shared_ptr<Client>> clients() const {
    return {clients_.begin(), clients_.end()};
  }
  void dismiss(v1::Goodbye::Reason reason, const std::string& text) {
    for (const auto& client : clients()) { client->stop(reason, text); }
  }

  event_file::EventFile file_;
  std::size_t max_clients_;
  Patience patience_;
  Report report_;
  asio::io_context io_{1};
  std::optional<asio::ssl::context> tls_;
  tcp::acceptor acceptor_{io_};
  asio::signal_set signals_{io_};
  asio::steady_timer pause_{io_};
  std::set<std::shared_ptr<Client>> clients_;
  bool commit_is_due_{false};
  bool full_{false};  ///< it was reported that there are too many clients
  std::string failure_;
};

std::string Collector::Parts::listen(const net::Address& address) {
  const auto where = net::to_string(address);
  error_code error;
  tcp::resolver resolver{io_};
  const auto found =
      resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
  if (error || found.empty()) {
    return where + ": cannot listen there: " + error.message() +
           "; name an address of this machine";
  }
  const auto endpoint = found.begin()->endpoint();
  (void)acceptor_.open(endpoint.protocol(), error);
  if (!error) { (void)acceptor_.set_option(tcp::acceptor::reuse_address{true}, error); }
  if (!error) { (void)acceptor_.bind(endpoint, error); }
  if (!error) { (void)acceptor_.listen(tcp::acceptor::max_listen_connections, error); }
  if (!error) { (void)signals_.add(SIGTERM, error); }
  if (!error) { (void)signals_.add(SIGINT, error); }
  if (error) { return where + ": cannot listen there: " + error.message(); }
  return {};
}

tl::expected<void, std::string> Collector::Parts::run() {
  signals_.async_wait([this](error_code error, int) {
    if (!error) { stop(); }
  });
  accept();
  (void)io_.run();
  if (!failure_.empty()) { return tl::unexpected{failure_}; }
  return {};
}

void Collector::Parts::accept() {
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (!acceptor_.is_open()) { return; }
    if (!error) {
      admit(std::move(socket));
      return accept();
    }
    pause_.expires_after(kPause);
    pause_.async_wait([this](error_code why) {
      if (!why && acceptor_.is_open()) { accept(); }
    });
  });
}

void Collector::Parts::admit(tcp::socket socket) {
  if (clients_.size() >= max_clients_) {
    if (!std::exchange(full_, true)) {
      report_("has " + std::to_string(max_clients_) +
              " clients and takes no more; raise --max-clients if they are all yours");
    }
    return;  // closes it
  }
  error_code ignored;
  (void)socket.set_option(tcp::no_delay{true}, ignored);
  (void)socket.set_option(asio::socket_base::keep_alive{true}, ignored);
  auto client =
      make_client(std::move(socket), tls_.has_value() ? &*tls_ : nullptr, *this, patience_);
  clients_.insert(client);
  client->start();
}

void Collector::Parts::on_gone(Client& client) {
  std::erase_if(clients_, [&](const auto& one) { return one.get() == &client; });
  full_ = false;
}

/// Everything that other clients have brought by then shares one write.
void Collector::Parts::on_events_wait() {
  if (std::exchange(commit_is_due_, true)) { return; }
  asio::post(io_, [this] { commit(); });
}

void Collector::Parts::commit() {
  commit_is_due_ = false;
  if (file_.has_pending()) {
    if (const auto done = file_.commit(); !done.has_value()) {
      report_(done.error());
      dismiss(v1::Goodbye::STORAGE_FAILED, "events cannot be stored now");
      if (file_.broken()) {
        failure_ = done.error();
        stop();
      }
      return;
    }
  }
  for (const auto& client : clients()) { client->on_durable(); }
}

void Collector::Parts::stop() {
  error_code ignored;
  (void)acceptor_.close(ignored);
  (void)pause_.cancel();
  (void)signals_.cancel(ignored);
  if (!file_.broken()) { commit(); }
  dismiss(v1::Goodbye::GOING_AWAY, "the collector was told to stop");
}

Collector::Collector(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Collector::Collector(Collector&&) noexcept = default;
Collector& Collector::operator=(Collector&&) noexcept = default;
Collector::~Collector() = default;

tl::expected<Collector, std::string> Collector::open(const Options& options, Report report) {
  std::string notice;
  auto file = event_file::EventFile::open(options.output, options.format, notice);
  if (!file.has_value()) { return tl::unexpected{file.error()}; }
  if (!notice.empty()) { report(notice); }
  auto parts = std::make_unique<Parts>(std::move(*file), options.max_clients, options.patience,
                                       std::move(report));
  std::string problem;
  if (!options.certificate_file.empty()) { problem = parts->set_up(options); }
  if (problem.empty()) { problem = parts->listen(options.listen); }
  if (!problem.empty()) { return tl::unexpected{std::move(problem)}; }
  return Collector{std::move(parts)};
}

std::uint16_t Collector::port() const {
  return parts_->port();
}

tl::expected<void, std::string> Collector::run() {
  return parts_->run();
}

}  // namespace remora::collect
