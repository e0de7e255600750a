#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include "daemon/net/address.h"
#include "daemon/watch/answer.h"

namespace remora::watch {

/// The HTTP server that people and Prometheus ask how the daemon is. LIMIT: 32 connections at once;
/// further ones wait. For one thread: that of its io_context.
class AdminServer {
 public:
  /// Listens on `address`; logs a warning where that is reached from other machines. Nothing is
  /// answered before `io` runs; `io` outlives the server. Fails where it cannot listen.
  [[nodiscard]] static tl::expected<AdminServer, std::string> listen(boost::asio::io_context& io,
                                                                     const net::Address& address,
                                                                     Answers answers);

  AdminServer(AdminServer&&) noexcept;
  AdminServer& operator=(AdminServer&&) noexcept;
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;
  /// Closes all connections; the answers are not asked any more.
  ~AdminServer();

  /// That the kernel chose, where the address has 0.
  [[nodiscard]] std::uint16_t port() const;

 private:
  class Parts;
  explicit AdminServer(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;
};

}  // namespace remora::watch
