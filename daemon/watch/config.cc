#include "daemon/watch/config.h"

namespace remora::watch {

Config read_watch(config::Map& map) {
  Config config;
  auto block = map.map("admin");
  const auto text = block.text("address", net::to_string(*config.address));
  if (text == "off") {
    config.address.reset();
  } else if (auto address = net::Address::parse(text); address.has_value()) {
    config.address = std::move(*address);
  } else {
    block.complain("address", address.error() + ", or off");
  }
  block.done();
  return config;
}

}  // namespace remora::watch
