#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/config/map.h"
#include "daemon/delivery/tls_settings.h"

namespace remora::outputs::kafka {

/// How an event is written into a record.
enum class Format : std::uint8_t { kProtobuf, kJson };

/// How the sensor proves to the brokers who it is; none without a mechanism.
/// LIMIT: SCRAM to brokers since Kafka 4.0 wants librdkafka 2.6.1 (its pull request 4895).
struct Sasl {
  std::string mechanism;  ///< "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"
  std::string username;
  std::string password;
};

/// Where events go and how; docs/kafka.md is for those who write it.
struct Config {
  std::string brokers;  ///< HOST:PORT, separated by commas; the first to be asked for the others
  std::string topic;
  Format format{Format::kProtobuf};
  std::string compression{"lz4"};  ///< a word of the protocol: none, gzip, snappy, lz4, zstd
  /// A batch is handed over at once and waited for, so a long one only costs time.
  std::chrono::milliseconds linger{1};
  /// How long a batch may wait for its delivery reports.
  std::chrono::milliseconds timeout{30'000};
  /// LIMIT: of one record, and of the records that are sent as one; not more than the topic's
  /// max.message.bytes.
  std::size_t max_record_bytes{1'000'000};
  Sasl sasl;
  delivery::TlsSettings tls;
};

/// Reads the block of an output `type: kafka`; what is wrong is complained of in `map`.
[[nodiscard]] Config read_config(config::Map& map);

}  // namespace remora::outputs::kafka
