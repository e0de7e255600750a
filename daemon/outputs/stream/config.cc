#include "daemon/outputs/stream/config.h"

#include <string_view>
#include <utility>

#include "daemon/net/tls_settings_config.h"

namespace remora::outputs::stream {

Config read_config(config::Map& map) {
  Config config;
  const auto address = map.required("address");
  if (!address.empty()) {
    auto parsed = net::Address::parse(address, kDefaultPort);
    if (parsed.has_value()) {
      config.address = std::move(*parsed);
    } else {
      map.complain("address", parsed.error());
    }
  }
  config.connect_timeout = map.duration("connect_timeout", config.connect_timeout);
  config.timeout = map.duration("timeout", config.timeout);
  for (const auto* key : {"connect_timeout", "timeout"}) {
    const auto value = std::string_view{key} == "timeout" ? config.timeout : config.connect_timeout;
    if (value <= std::chrono::milliseconds::zero()) {
      map.complain(key, "leaves no time; set 1s or more");
    }
  }
  config.tls = net::read_tls_settings(map);
  return config;
}

}  // namespace remora::outputs::stream
