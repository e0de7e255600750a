#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/map.h"
#include "daemon/delivery/tls_settings.h"

namespace remora::outputs::otlp {

/// OTLP over HTTP with protobuf bodies, or over gRPC.
enum class Protocol : std::uint8_t { kHttp, kGrpc };

/// What a log record's body holds beside its attributes.
enum class Body : std::uint8_t {
  kNone,
  kJson,   ///< the event as JSON, a text
  kEvent,  ///< the serialized remora.v1.Event, bytes
};

struct Config {
  std::string url;  ///< whole, with the path of the request; bears no secrets
  Protocol protocol{Protocol::kHttp};
  bool gzip{true};
  std::chrono::milliseconds timeout{std::chrono::seconds{10}};  ///< of one batch
  std::vector<std::string> headers;  ///< "Name: value"; values are secrets
  Body body{Body::kNone};
  delivery::TlsSettings tls;
};

/// Reads the keys of an OTLP output (docs/otlp.md). What is wrong is told to the map's problems;
/// the configuration is then not to be used.
[[nodiscard]] Config read_config(config::Map& map);

}  // namespace remora::outputs::otlp
