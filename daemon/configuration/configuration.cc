#include "daemon/configuration/configuration.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "daemon/log/config.h"
#include "daemon/secrets/privacy_key.h"

namespace remora::configuration {
namespace {

constexpr std::chrono::seconds kMinHealthInterval{1};
constexpr std::chrono::hours kMaxHealthInterval{1};

std::string read_sensor_name(config::Map map, std::string fallback) {
  auto name = map.text("name", std::move(fallback));
  if (name.empty()) { map.complain("name", "is empty"); }
  map.done();
  return name;
}

void add_folder(const std::string& file, std::vector<std::string>& folders) {
  if (file.empty()) { return; }
  std::error_code error;
  folders.push_back(std::filesystem::absolute(file, error).parent_path().string());
}

}  // namespace

Configuration read(config::Map& map, spool::Overflow overflow) {
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
  configuration.admin = watch::read_watch(map);
  configuration.log = log::read_log(map);
  configuration.routes = routes::read_routes(map, overflow);
  map.done();
  return configuration;
}

tl::expected<Configuration, config::Problems> read_text(const std::string& text,
                                                        const std::string& name,
                                                        spool::Overflow overflow) {
  config::Problems problems;
  auto map = config::Map::read_text(text, name, problems);
  // What is no YAML would have every section missing besides.
  if (!problems.empty()) { return tl::unexpected{std::move(problems)}; }
  auto configuration = read(map, overflow);
  if (!problems.empty()) { return tl::unexpected{std::move(problems)}; }
  return configuration;
}

tl::expected<Source, config::Problems> read_file(const std::string& name,
                                                 spool::Overflow overflow) {
  config::Problems problems;
  auto text = config::Map::text_of_file(name, problems);
  if (!problems.empty()) { return tl::unexpected{std::move(problems)}; }
  auto configuration = read_text(text, name, overflow);
  if (!configuration.has_value()) { return tl::unexpected{std::move(configuration.error())}; }
  return Source{.name = name, .text = std::move(text), .configuration = std::move(*configuration)};
}

tl::expected<publish::Wishes, std::string> Configuration::wishes() const {
  auto key = secrets::privacy_key(privacy);
  if (!key.has_value()) { return tl::unexpected{std::move(key.error())}; }
  return publish::Wishes{
      .networks = networks, .hosts = hosts, .privacy = privacy, .privacy_key = std::move(*key)};
}

std::vector<std::string> Configuration::event_files_below() const {
  auto folders = routes.read_below;
  add_folder(privacy.key_file, folders);
  return folders;
}

std::vector<std::string> Configuration::key_files_below() const {
  std::vector<std::string> folders;
  for (const auto* files : {&keys.tls_keylogs, &keys.rsa_keys, &keys.ticket_password_files}) {
    for (const auto& file : *files) { add_folder(file, folders); }
  }
  add_folder(keys.rsa_key_passphrase_file, folders);
  return folders;
}

}  // namespace remora::configuration
