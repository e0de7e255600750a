#include "daemon/watch/admin_server.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/log/log.h"
#include "daemon/watch/connection.h"
#include "daemon/watch/host_rule.h"

namespace remora::watch {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kMaxConnections = 32;
/// Of the kernel's queue.
constexpr int kMaxWaiting = 32;
/// Before it is tried again to accept: the system has no more descriptors.
constexpr std::chrono::seconds kPause{1};

}  // namespace

/// Lives as long as a handler of it is under way.
class AdminServer::Parts final : public std::enable_shared_from_this<Parts> {
 public:
  explicit Parts(asio::io_context& io) : acceptor_{io}, pause_{io} {}

  [[nodiscard]] std::string listen(const net::Address& address, Answers answers);
  void close();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void accept();
  void admit(tcp::socket socket);
  void on_gone();

  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::shared_ptr<const Service> service_;
  std::vector<std::weak_ptr<Connection>> connections_;
  std::size_t open_{0};
  bool accepting_{false};
  std::uint16_t port_{0};
};

std::string AdminServer::Parts::listen(const net::Address& address, Answers answers) {
  const auto where = net::to_string(address);
  error_code error;
  tcp::resolver resolver{acceptor_.get_executor()};
  const auto found =
      resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
  if (error || found.empty()) {
    return "admin.address: " + where + ": cannot listen there: " + error.message() +
           "; name an address of this machine, or off";
  }
  const auto endpoint = found.begin()->endpoint();
  (void)acceptor_.open(endpoint.protocol(), error);
  if (!error) { (void)acceptor_.set_option(tcp::acceptor::reuse_address{true}, error); }
  if (!error) { (void)acceptor_.bind(endpoint, error); }
  if (!error) { (void)acceptor_.listen(kMaxWaiting, error); }
  if (error) {
    return "admin.address: " + where + ": cannot listen there: " + error.message() +
           "; name another address or port, or off";
  }
  port_ = acceptor_.local_endpoint(error).port();
  if (!is_loopback(endpoint.address())) {
    log::warning("other machines can reach the admin server, which asks nobody who they are",
                 {{"address", where}});
  }
  service_ = std::make_shared<const Service>(Service{.answers = std::move(answers),
                                                     .configured_host = address.host,
                                                     .on_gone = [self = weak_from_this()] {
                                                       if (const auto parts = self.lock()) {
                                                         parts->on_gone();
                                                       }
                                                     }});
  accept();
  return {};
}

void AdminServer::Parts::close() {
  error_code ignored;
  (void)acceptor_.close(ignored);
  (void)pause_.cancel(ignored);  // the other one throws
  for (const auto& one : std::exchange(connections_, {})) {
    if (const auto connection = one.lock()) { connection->close(); }
  }
}

void AdminServer::Parts::accept() {
  if (accepting_ || !acceptor_.is_open() || open_ >= kMaxConnections) { return; }
  accepting_ = true;
  acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
    self->accepting_ = false;
    if (!self->acceptor_.is_open()) { return; }
    if (!error) {
      self->admit(std::move(socket));
      return self->accept();
    }
    self->pause_.expires_after(kPause);
    self->pause_.async_wait([self](error_code) { self->accept(); });
  });
}

void AdminServer::Parts::admit(tcp::socket socket) {
  std::erase_if(connections_, [](const auto& one) { return one.expired(); });
  ++open_;
  connections_.push_back(serve(std::move(socket), service_));
}

void AdminServer::Parts::on_gone() {
  --open_;
  accept();
}

tl::expected<AdminServer, std::string> AdminServer::listen(asio::io_context& io,
                                                           const net::Address& address,
                                                           Answers answers) {
  auto parts = std::make_shared<Parts>(io);
  auto problem = parts->listen(address, std::move(answers));
  if (!problem.empty()) { return tl::unexpected{std::move(problem)}; }
  return AdminServer{std::move(parts)};
}

AdminServer::AdminServer(std::shared_ptr<Parts> parts) : parts_{std::move(parts)} {}
AdminServer::AdminServer(AdminServer&&) noexcept = default;
AdminServer& AdminServer::operator=(AdminServer&& other) noexcept {
  std::swap(parts_, other.parts_);
  return *this;
}
AdminServer::~AdminServer() {
  if (parts_ != nullptr) { parts_->close(); }
}

std::uint16_t AdminServer::port() const {
  return parts_->port();
}

}  // namespace remora::watch
