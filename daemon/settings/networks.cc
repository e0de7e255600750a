#include "daemon/settings/networks.h"

#include <string>

namespace remora::settings {
namespace {

constexpr std::size_t kMaxNetworks = 1000;

std::vector<Network> read_list(config::Map& map, std::string_view key) {
  auto networks = map.list(key, Network::parse);
  if (networks.size() > kMaxNetworks) {
    map.complain(key, std::to_string(kMaxNetworks) + " at most are wanted");
  }
  return networks;
}

}  // namespace

Networks read_networks(config::Map map) {
  Networks networks{.of_interest = read_list(map, "of_interest"),
                    .exclude = read_list(map, "exclude")};
  map.done();
  return networks;
}

}  // namespace remora::settings
