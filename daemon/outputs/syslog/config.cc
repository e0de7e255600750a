#include "daemon/outputs/syslog/config.h"

#include <algorithm>
#include <map>

#include "daemon/net/tls_settings_config.h"

namespace remora::outputs::syslog {
namespace {

const std::map<std::string, Transport> kTransports{
    {"udp", Transport::kUdp}, {"tcp", Transport::kTcp}, {"tls", Transport::kTls}};

/// RFC 5424, table 1.
const std::map<std::string, int> kFacilities{
    {"kern", 0},      {"user", 1},    {"mail", 2},    {"daemon", 3},  {"auth", 4},
    {"syslog", 5},    {"lpr", 6},     {"news", 7},    {"uucp", 8},    {"cron", 9},
    {"authpriv", 10}, {"ftp", 11},    {"local0", 16}, {"local1", 17}, {"local2", 18},
    {"local3", 19},   {"local4", 20}, {"local5", 21}, {"local6", 22}, {"local7", 23}};

constexpr std::uint16_t kPort = 514;
constexpr std::uint16_t kTlsPort = 6514;

constexpr std::uint64_t kUdpMessage = 8U << 10U;
constexpr std::uint64_t kStreamMessage = 64U << 10U;
constexpr std::uint64_t kLeastMessage = 480;  // RFC 5424, 6.1: every receiver takes that
constexpr std::uint64_t kMostMessage = 16U << 20U;

void read_transport(config::Map& map, Config& config) {
  config.transport = map.word("transport", kTransports, Transport::kTls);
  config.tls = net::read_tls_settings(map);
  const bool is_tls = config.transport == Transport::kTls;
  if (config.tls.enabled && !is_tls) {
    map.complain("tls", "is for the transport tls alone; set transport: tls, or take it out");
  }
  if (is_tls && map.has("tls") && !config.tls.enabled) {
    map.complain("tls", "is not enabled, yet the transport is tls; set transport: tcp instead");
  }
  config.tls.enabled = is_tls;
  const auto text = map.required("address");
  if (text.empty()) { return; }
  const auto address = net::Address::parse(text, is_tls ? kTlsPort : kPort);
  if (address.has_value()) {
    config.address = *address;
  } else {
    map.complain("address", address.error());
  }
}

/// RFC 5424: what SD-NAME and the header's fields are made of.
bool is_printable(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

void read_header(config::Map& map, Config& config) {
  auto& header = config.header;
  header.facility = map.word("facility", kFacilities, 4);
  header.app_name = map.text("app_name", header.app_name);
  header.hostname = map.text("hostname");
  header.structured_data_id = map.text("structured_data_id", header.structured_data_id);
  const auto check = [&](const char* key, const std::string& value, std::size_t most) {
    if (value.size() > most || !is_printable(value)) {
      map.complain(key, "must be of printable ASCII characters without spaces, at most " +
                            std::to_string(most));
    }
  };
  check("app_name", header.app_name, 48);
  check("hostname", header.hostname, 255);
  check("structured_data_id", header.structured_data_id, 32);
  if (header.structured_data_id.find_first_of("=]\"") != std::string::npos) {
    map.complain("structured_data_id", "must not hold = ] or \"");
  }
}

}  // namespace

Config read_config(config::Map& map) {
  Config config;
  read_transport(map, config);
  read_header(map, config);
  config.payload = map.word("payload", payload_words(), Payload::kCef);
  const bool udp = config.transport == Transport::kUdp;
  const auto fallback = udp ? kUdpMessage : kStreamMessage;
  const auto bytes = map.bytes("max_message", fallback);
  config.max_message_bytes = bytes;
  if (bytes < kLeastMessage || bytes > kMostMessage) {
    map.complain("max_message", "must be from 480 bytes to 16MiB");
  }
  config.confirm = map.flag("confirm", !udp);
  if (udp && config.confirm) {
    map.complain("confirm", "is not possible over udp; set transport: tcp or tls");
  }
  config.timeout = map.duration("timeout", config.timeout);
  if (config.timeout <= std::chrono::milliseconds::zero()) {
    map.complain("timeout", "leaves no time; set 1s or more");
  }
  return config;
}

}  // namespace remora::outputs::syslog
