#pragma once

#include <chrono>
#include <cstdint>

#include "daemon/config/map.h"
#include "daemon/delivery/tls_settings.h"
#include "daemon/net/address.h"

namespace remora::outputs::stream {

/// Where the address names none.
inline constexpr std::uint16_t kDefaultPort = 4319;

struct Config {
  net::Address address;
  std::chrono::milliseconds connect_timeout{std::chrono::seconds{10}};  ///< with TLS and greeting
  std::chrono::milliseconds timeout{std::chrono::seconds{30}};          ///< of one batch
  delivery::TlsSettings tls;
};

/// Reads the keys of a stream output (docs/collect.md). What is wrong is told to the map's
/// problems; the configuration is then not to be used.
[[nodiscard]] Config read_config(config::Map& map);

}  // namespace remora::outputs::stream
