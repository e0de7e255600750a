#include "daemon/cli/configuration.h"

#include <cstdio>
#include <utility>

#include "daemon/cli/messages.h"
#include "daemon/config/map.h"

namespace remora::cli {

std::optional<Configuration> read_configuration(const std::string& file, spool::Overflow overflow) {
  config::Problems problems;
  auto map = config::Map::read_file(file, problems);
  Configuration configuration;
  if (problems.empty()) {
    auto sensor = map.map("sensor");
    configuration.sensor_name = sensor.text("name", configuration.sensor_name);
    if (configuration.sensor_name.empty()) { sensor.complain("name", "is empty"); }
    sensor.done();
    configuration.routes = routes::read_routes(map, overflow);
    map.done();
  }
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
