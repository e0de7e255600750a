#include "daemon/outputs/kafka/config.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

namespace remora::outputs::kafka {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongestTopic = 249;  // Kafka's own limit
constexpr milliseconds kLongestLinger{10'000};
constexpr milliseconds kShortestTimeout{1'000};
constexpr milliseconds kLongestTimeout{300'000};
constexpr std::size_t kLeastRecordBytes = 1'000;
constexpr std::size_t kMostRecordBytes = 64UL * 1024 * 1024;

bool is_topic(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= kLongestTopic && name != "." && name != ".." &&
         std::ranges::all_of(name, allowed);
}

std::string read_brokers(config::Map& map) {
  std::string joined;
  for (const auto& broker : map.texts("brokers")) {
    if (!joined.empty()) { joined += ','; }
    joined += broker;
  }
  if (joined.empty()) { map.complain("brokers", "no broker is named; list them as HOST:PORT"); }
  return joined;
}

milliseconds read_duration(config::Map& map, std::string_view key, milliseconds fallback,
                           milliseconds least, milliseconds most) {
  const auto found = map.duration(key, fallback);
  if (found >= least && found <= most) { return found; }
  map.complain(key, "must lie between " + std::to_string(least.count()) + "ms and " +
                        std::to_string(most.count()) + "ms");
  return fallback;
}

delivery::TlsSettings read_tls(config::Map& map) {
  delivery::TlsSettings tls;
  auto block = map.map("tls");
  tls.enabled = block.flag("enabled", map.has("tls"));
  tls.ca_file = block.text("ca_file");
  tls.certificate_file = block.text("certificate_file");
  tls.key_file = block.text("key_file");
  tls.verify = block.flag("verify", true);
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    block.complain(tls.key_file.empty() ? "certificate_file" : "key_file",
                   "the certificate and its key come together; set certificate_file and key_file");
  }
  block.done();
  return tls;
}

Sasl read_sasl(config::Map& map, bool encrypted) {
  Sasl sasl;
  if (!map.has("sasl")) {
    (void)map.map("sasl");
    return sasl;
  }
  auto block = map.map("sasl");
  sasl.mechanism = block.word<std::string>(
      "mechanism",
      {{"plain", "PLAIN"}, {"scram-sha-256", "SCRAM-SHA-256"}, {"scram-sha-512", "SCRAM-SHA-512"}},
      "SCRAM-SHA-512");
  sasl.username = block.required("username");
  sasl.password = block.required("password");
  if (sasl.mechanism == "PLAIN" && !encrypted) {
    block.complain("mechanism", "plain shows the password to the network; set tls");
  }
  block.done();
  return sasl;
}

}  // namespace

Config read_config(config::Map& map) {
  Config config;
  config.brokers = read_brokers(map);
  config.topic = map.required("topic");
  if (!config.topic.empty() && !is_topic(config.topic)) {
    map.complain("topic", "no topic has such a name; use letters, digits, '.', '_' and '-'");
  }
  config.format = map.word<Format>(
      "format", {{"protobuf", Format::kProtobuf}, {"json", Format::kJson}}, config.format);
  config.compression = map.word<std::string>(
      "compression",
      {{"none", "none"}, {"gzip", "gzip"}, {"snappy", "snappy"}, {"lz4", "lz4"}, {"zstd", "zstd"}},
      config.compression);
  config.linger = read_duration(map, "linger", config.linger, milliseconds{0}, kLongestLinger);
  config.timeout = read_duration(map, "timeout", config.timeout, kShortestTimeout, kLongestTimeout);
  config.max_record_bytes = map.bytes("max_record_bytes", config.max_record_bytes);
  if (config.max_record_bytes < kLeastRecordBytes || config.max_record_bytes > kMostRecordBytes) {
    map.complain("max_record_bytes", "must lie between 1000 and 64MiB");
    config.max_record_bytes = Config{}.max_record_bytes;
  }
  config.tls = read_tls(map);
  config.sasl = read_sasl(map, config.tls.enabled);
  return config;
}

}  // namespace remora::outputs::kafka
