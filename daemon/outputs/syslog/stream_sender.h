#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "daemon/delivery/tls_settings.h"
#include "daemon/net/address.h"
#include "daemon/net/connection.h"

namespace remora::outputs::syslog {

/// Sends bytes to a syslog receiver over TCP or TLS, which never says what it has.
///
/// With `confirm` the end of a connection is the proof (daemon/net/end_in_order.h). An orderly end
/// comes from the program, or from the system in the place of a program that has just died with
/// nothing left to read. So a second, empty connection is made and ended as well: only a living
/// program does that.
///
/// The next bytes get a new connection. Without `confirm` one connection stays, and what the system
/// has accepted counts as sent: up to its buffers are lost when the receiver dies.
///
/// LIMIT: what a receiver has read and holds in memory is its own to lose (docs/syslog.md).
class StreamSender {
 public:
  struct Settings {
    net::Address address;
    delivery::TlsSettings tls;
    bool confirm{true};
    std::chrono::milliseconds timeout{};  ///< of one `send`
  };
  explicit StreamSender(Settings settings);

  /// All or nothing, as far as can be known; after a failure some may have arrived.
  [[nodiscard]] tl::expected<void, std::string> send(std::string_view bytes);
  void reopen() { connection_.reset(); }

 private:
  using Result = tl::expected<void, std::string>;
  [[nodiscard]] Result connect(net::Deadline deadline);
  [[nodiscard]] Result prove_life(net::Deadline deadline) const;
  Settings settings_;
  std::optional<net::Connection> connection_;
};

}  // namespace remora::outputs::syslog
