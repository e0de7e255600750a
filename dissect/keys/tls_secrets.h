#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string_view>

#include "capture/base/bytes.h"
#include "dissect/keys/secret.h"

namespace remora::keys {

/// What a line of an NSS key log gives, RFC 9850 and NSS: of TLS up to 1.2 the master secret,
/// of 1.3 the traffic secrets.
enum class TlsLabel : std::uint8_t {
  kMasterSecret,            ///< CLIENT_RANDOM
  kClientEarlyTraffic,      ///< CLIENT_EARLY_TRAFFIC_SECRET
  kClientHandshakeTraffic,  ///< CLIENT_HANDSHAKE_TRAFFIC_SECRET
  kServerHandshakeTraffic,  ///< SERVER_HANDSHAKE_TRAFFIC_SECRET
  kClientTraffic,           ///< CLIENT_TRAFFIC_SECRET_0
  kServerTraffic,           ///< SERVER_TRAFFIC_SECRET_0
};

using TlsRandom = std::array<std::byte, 32>;

/// Secrets of TLS connections by the random of their ClientHello. Added only while nobody reads.
class TlsSecrets {
 public:
  /// LIMIT: of secrets, over all connections. Beyond it those that came first go, wiped: a log that
  /// has grown for months holds them for connections that ended long ago.
  static constexpr std::size_t kMaxSecrets = 1'000'000;

  /// What a key log's text holds; whole lines are read, lines that are none are passed over, and of
  /// two words for the same secret the first counts. May be called again with more of it. Returns
  /// how many secrets it gave.
  std::size_t add_key_log(std::string_view text);

  /// Null where there is none. Borrowed from this.
  [[nodiscard]] const Secret* find(TlsLabel label, const TlsRandom& client_random) const;
  [[nodiscard]] bool empty() const { return secrets_.empty(); }
  [[nodiscard]] std::size_t size() const { return secrets_.size(); }
  /// How many went so far to make room.
  [[nodiscard]] std::uint64_t given_up() const { return given_up_; }

  /// Somebody follows a log: what is not there may come, soon after the connection has begun.
  void expect_more() { may_grow_ = true; }
  void expect_no_more() { may_grow_ = false; }
  [[nodiscard]] bool may_grow() const { return may_grow_; }

 private:
  using Secrets = std::map<std::pair<TlsRandom, TlsLabel>, Secret>;

  bool add_line(std::string_view line);
  void add(const TlsRandom& random, TlsLabel label, ByteView secret);

  Secrets secrets_;
  std::deque<Secrets::const_iterator> arrivals_;  ///< of all, the first in front
  std::uint64_t given_up_{0};
  bool may_grow_{false};
};

}  // namespace remora::keys
