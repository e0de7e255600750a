#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "daemon/delivery/tls_settings.h"
#include "daemon/net/address.h"

namespace remora::net {

using Deadline = std::chrono::steady_clock::time_point;

/// That long from now.
[[nodiscard]] inline Deadline in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

/// What came of waiting for the peer.
struct Arrival {
  enum class What : std::uint8_t {
    kBytes,    ///< `bytes` of them
    kEnd,      ///< the peer sends no more, and said so in order
    kCut,      ///< TLS alone: the connection ended though the peer had not closed TLS
    kBroken,   ///< reset, or a failure of TLS: `problem` says which
    kNothing,  ///< not before the deadline; the connection is as it was
  };
  What what;
  std::size_t bytes{0};
  std::string problem;  ///< of all but kBytes and kEnd: what, where, what to do
};

/// A client's TCP or TLS connection that blocks its caller, for no longer than a deadline. Used by
/// one thread at a time. Throws nothing, raises no SIGPIPE. Problems name the peer and what to do,
/// and no secrets. Closed without ceremony when it is destroyed.
class Connection {
 public:
  /// Looks the host up, tries all of its addresses in turn, each with its share of `limit`, and
  /// shakes hands where `tls` is enabled. With TLS 1.3 a peer that refuses our certificate says so
  /// only later: the first read tells.
  ///
  /// LIMIT: the system's resolver cannot be interrupted; a look-up that hangs is waited for, which
  /// /etc/resolv.conf bounds.
  [[nodiscard]] static tl::expected<Connection, std::string> connect(
      const Address& address, const delivery::TlsSettings& tls, std::chrono::milliseconds limit);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Hands all of `bytes` to the system; how much the peer has is unknown. After a failure only
  /// reading and closing are of use.
  [[nodiscard]] tl::expected<void, std::string> write(std::string_view bytes, Deadline deadline);
  /// What is there, as soon as it is there. A deadline that has passed asks without waiting.
  [[nodiscard]] Arrival read_some(std::span<char> buffer, Deadline deadline);
  /// Tells the peer that no more comes (close_notify, then FIN); what the peer sends is still read.
  [[nodiscard]] tl::expected<void, std::string> finish_writing(Deadline deadline);
  /// For peers that have nothing to say: waits for the end, with TLS that of TCP behind it.
  /// kBytes: the peer did say something, which is lost.
  [[nodiscard]] Arrival wait_for_end(Deadline deadline);
  /// At once; twice is fine.
  void close();

  /// The peer, as in the address: "collector.example:4319".
  [[nodiscard]] const std::string& peer() const;
  /// To ask the system about; it stays the connection's.
  [[nodiscard]] int socket() const;

 private:
  struct Parts;
  explicit Connection(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace remora::net
