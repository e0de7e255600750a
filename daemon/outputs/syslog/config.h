#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/config/map.h"
#include "daemon/delivery/tls_settings.h"
#include "daemon/net/address.h"
#include "daemon/outputs/syslog/message.h"
#include "daemon/outputs/syslog/payload.h"

namespace remora::outputs::syslog {

enum class Transport : std::uint8_t {
  kUdp,  ///< RFC 5426: a datagram a message
  kTcp,  ///< RFC 6587, octet counting
  kTls,  ///< RFC 5425
};

struct Config {
  net::Address address;
  Transport transport{Transport::kTls};
  Payload payload{Payload::kCef};
  Header header;
  /// Messages that are longer are refused, not cut: half a message is no event.
  std::size_t max_message_bytes{64U << 10U};
  /// A batch counts as taken once the receiver has ended the connection in order: stream_sender.h.
  bool confirm{true};
  std::chrono::milliseconds timeout{std::chrono::seconds{10}};  ///< of one batch
  delivery::TlsSettings tls;
};

/// Reads the keys of a syslog output (docs/syslog.md). What is wrong is told to the map's problems;
/// the configuration is then not to be used.
[[nodiscard]] Config read_config(config::Map& map);

}  // namespace remora::outputs::syslog
