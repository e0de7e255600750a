#include "daemon/routes/routes.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <system_error>

#include "daemon/routes/make_output.h"

namespace remora::routes {
namespace {

const std::map<std::string, spool::Overflow> kOverflows{
    {"give_up_least", spool::Overflow::kGiveUpLeast}, {"wait", spool::Overflow::kWait}};
constexpr std::uint64_t kMinSpoolBytes = 1U << 20U;

/// Two that write to one file would each destroy what the other wrote.
class Paths {
 public:
  /// `path` as the configuration of `map` gives it; empty: none.
  void add(const std::string& path, config::Map& map) {
    if (path.empty()) { return; }
    std::error_code error;
    auto whole = std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
    if (!paths_.insert(error ? path : whole.string()).second) {
      map.complain("path", "is the file of the spool, or of another output");
    }
  }

 private:
  std::set<std::string> paths_;
};

std::string folder_of(const std::string& path) {
  std::error_code error;
  return std::filesystem::absolute(path, error).parent_path().string();
}

void add_folder(const std::string& path, std::vector<std::string>& folders) {
  if (path.empty()) { return; }
  auto folder = folder_of(path);
  if (std::ranges::find(folders, folder) == folders.end()) { folders.push_back(std::move(folder)); }
}

spool::SpoolSettings read_spool(config::Map map, Paths& paths, spool::Overflow overflow) {
  spool::SpoolSettings settings;
  settings.path = map.text("path", "/var/lib/remora/spool.db");
  settings.max_bytes = map.bytes("max_bytes", settings.max_bytes);
  if (settings.max_bytes < kMinSpoolBytes) { map.complain("max_bytes", "1MiB at least is wanted"); }
  settings.overflow = map.word("overflow", kOverflows, overflow);
  paths.add(settings.path, map);
  map.done();
  return settings;
}

}  // namespace

Routes read_routes(config::Map& map, spool::Overflow overflow) {
  Paths paths;
  Routes routes{.spool = read_spool(map.map("spool"), paths, overflow), .destinations = {}};
  add_folder(routes.spool.path, routes.written_below);
  routes.drain = map.duration("drain", routes.drain);
  if (routes.drain.count() == 0) { map.complain("drain", "must not be 0"); }
  for (auto& entry : map.maps("outputs")) {
    auto route = delivery::read_route(entry);
    auto output = make_output(entry);
    const auto type = entry.text("type");
    if (type == "file" || type == "store") {
      paths.add(entry.text("path"), entry);
      add_folder(entry.text("path"), routes.written_below);
    }
    if (entry.has("tls")) {
      auto tls = entry.map("tls");
      for (const auto* key : {"ca_file", "certificate_file", "key_file"}) {
        add_folder(tls.text(key), routes.read_below);
      }
    }
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
