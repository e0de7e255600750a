#include "daemon/cli/configuration.h"

#include <cstdio>
#include <utility>

#include "daemon/cli/messages.h"

namespace remora::cli {
namespace {

constexpr std::chrono::seconds kMinHealthInterval{1};
constexpr std::chrono::hours kMaxHealthInterval{1};

std::string read_sensor_name(config::Map map, std::string fallback) {
  auto name = map.text("name", std::move(fallback));
  if (name.empty()) { map.complain("name", "is empty"); }
  map.done();
  return name;
}

}  // namespace

Configuration read_configuration(config::Map& map, spool::Overflow overflow) {
  Configuration configuration;
  configuration.sensor_name = read_sensor_name(map.map("sensor"), configuration.sensor_name);
  configuration.user = map.text("user", configuration.user);
  if (configuration.user.empty()) { map.complain("user", "is empty; name an account"); }
  configuration.capture = settings::read_capture(map.map("capture"));
  configuration.analysis = settings::read_analysis(map.map("analysis"));
  configuration.keys = settings::read_key_paths(map.map("keys"));
  configuration.networks = settings::read_networks(map.map("networks"));
  configuration.hosts = settings::read_hosts(map);
  configuration.privacy = settings::read_privacy(map.map("privacy"));
  configuration.health_interval = map.duration("health_interval", configuration.health_interval,
                                               kMinHealthInterval, kMaxHealthInterval);
  configuration.routes = routes::read_routes(map, overflow);
  map.done();
  return configuration;
}

std::optional<Configuration> read_configuration(const std::string& file, spool::Overflow overflow) {
  config::Problems problems;
  auto map = config::Map::read_file(file, problems);
  std::optional<Configuration> configuration;
  // What is no YAML would have every section missing besides.
  if (problems.empty()) { configuration = read_configuration(map, overflow); }
  for (const auto& problem : problems) { tell_error(problem); }
  if (!problems.empty()) { return std::nullopt; }
  return configuration;
}

int check_config(const std::string& file) {
  const auto configuration = read_configuration(file, spool::Overflow::kGiveUpLeast);
  if (!configuration.has_value()) { return 1; }
  (void)std::printf("%s: in order, %zu outputs\n", file.c_str(),
                    configuration->routes.destinations.size());
  return 0;
}

}  // namespace remora::cli
