#include "daemon/routes/routes.h"

#include <algorithm>
#include <map>
#include <string>

#include "daemon/routes/make_output.h"

namespace remora::routes {
namespace {

const std::map<std::string, spool::Overflow> kOverflows{
    {"give_up_least", spool::Overflow::kGiveUpLeast}, {"wait", spool::Overflow::kWait}};
constexpr std::uint64_t kMinSpoolBytes = 1U << 20U;

spool::SpoolSettings read_spool(config::Map map, spool::Overflow overflow) {
  spool::SpoolSettings settings;
  settings.path = map.text("path", "/var/lib/remora/spool.db");
  settings.max_bytes = map.bytes("max_bytes", settings.max_bytes);
  if (settings.max_bytes < kMinSpoolBytes) { map.complain("max_bytes", "1MiB at least is wanted"); }
  settings.overflow = map.word("overflow", kOverflows, overflow);
  map.done();
  return settings;
}

}  // namespace

Routes read_routes(config::Map& map, spool::Overflow overflow) {
  Routes routes{.spool = read_spool(map.map("spool"), overflow), .destinations = {}};
  routes.drain = map.duration("drain", routes.drain);
  for (auto& entry : map.maps("outputs")) {
    auto route = delivery::read_route(entry);
    auto output = make_output(entry);
    entry.done();
    auto& names = routes.spool.outputs;
    if (std::ranges::find(names, route.name) != names.end()) {
      entry.complain("name", "is another output's name too");
    }
    names.push_back(route.name);
    routes.destinations.push_back({.route = std::move(route), .output = std::move(output)});
  }
  if (routes.destinations.empty()) {
    map.complain("outputs", "no output is configured; docs/outputs.md has examples");
  }
  return routes;
}

}  // namespace remora::routes
