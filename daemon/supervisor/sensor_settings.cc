#include "daemon/supervisor/sensor_settings.h"

#include <utility>

namespace remora::supervisor {
namespace {

using internal::v1::KeyFiles;

/// LIMIT: their descriptors travel in one message.
constexpr std::size_t kMostKeyFiles = 200;

std::uint64_t milliseconds_of(std::chrono::milliseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

}  // namespace

std::vector<int> OpenKeys::descriptors() const {
  std::vector<int> numbers;
  numbers.reserve(files.size());
  for (const auto& file : files) { numbers.push_back(file.descriptor()); }
  return numbers;
}

secrets::KeyLogWatch OpenKeys::watch() const {
  secrets::KeyLogWatch watch;
  for (int i = 0; i < told.files_size(); ++i) {
    if (told.files(i).kind() == KeyFiles::TLS_KEY_LOG) {
      watch.watch(files.at(static_cast<std::size_t>(i)));
    }
  }
  return watch;
}

tl::expected<OpenKeys, std::string> open_keys(const settings::KeyPaths& paths) {
  std::vector<std::pair<KeyFiles::Kind, std::string>> wanted;
  const auto want = [&](KeyFiles::Kind kind, const std::vector<std::string>& names) {
    for (const auto& name : names) { wanted.emplace_back(kind, name); }
  };
  want(KeyFiles::TLS_KEY_LOG, paths.tls_keylogs);
  if (!paths.rsa_key_passphrase_file.empty()) {
    want(KeyFiles::RSA_KEY_PASSPHRASE, {paths.rsa_key_passphrase_file});
  }
  want(KeyFiles::RSA_KEY, paths.rsa_keys);
  want(KeyFiles::TICKET_PASSWORDS, paths.ticket_password_files);
  if (wanted.size() > kMostKeyFiles) {
    return tl::unexpected{"keys: " + std::to_string(kMostKeyFiles) +
                          " files at most are wanted; a file may hold many keys or passwords"};
  }
  OpenKeys keys;
  for (const auto& [kind, name] : wanted) {
    auto file = secrets::SecretFile::open(name);
    if (!file.has_value()) { return tl::unexpected{"keys: " + file.error()}; }
    if (!file->is_regular()) {
      return tl::unexpected{"keys: " + name + ": is a folder, a pipe or the like; name a file"};
    }
    keys.files.push_back(std::move(*file));
    auto& told = *keys.told.add_files();
    told.set_kind(kind);
    told.set_name(name);
  }
  return keys;
}

internal::v1::LogSettings log_settings(const log::Settings& settings, log::Reader reader) {
  internal::v1::LogSettings to;
  to.set_level(static_cast<std::uint32_t>(settings.level));
  to.set_format(static_cast<std::uint32_t>(settings.format));
  to.set_reader(static_cast<std::uint32_t>(reader));
  return to;
}

internal::v1::SensorSettings sensor_settings(const configuration::Configuration& configuration,
                                             log::Reader reader) {
  internal::v1::SensorSettings to;
  to.set_sensor_name(configuration.sensor_name);
  for (const auto& from : configuration.capture.interfaces) {
    auto& interface = *to.add_interfaces();
    interface.set_name(from.name);
    interface.set_promiscuous(from.promiscuous);
    interface.set_snap_bytes(from.snap_length);
    interface.set_ring_bytes(from.ring);
    interface.set_timeout_ms(static_cast<std::uint32_t>(from.timeout.count()));
    interface.set_filter(from.filter);
  }
  for (const auto port : configuration.capture.fast_mode_ports) { to.add_only_ports(port); }
  to.set_hold_ms(static_cast<std::uint32_t>(configuration.capture.hold.count()));
  to.set_threads(configuration.capture.threads);
  to.set_memory_bytes(configuration.analysis.memory);
  to.set_interim_ms(milliseconds_of(configuration.analysis.interim_interval));
  to.set_health_ms(milliseconds_of(configuration.health_interval));
  to.set_checksums(static_cast<std::uint32_t>(configuration.analysis.checksums));
  to.set_scan_streams(configuration.analysis.scan_streams);
  to.set_open_easy_connect(configuration.analysis.open_easy_connect);
  *to.mutable_log() = log_settings(configuration.log, reader);
  return to;
}

internal::v1::Changes changes(const configuration::Configuration& configuration,
                              log::Reader reader) {
  internal::v1::Changes to;
  to.set_scan_streams(configuration.analysis.scan_streams);
  to.set_open_easy_connect(configuration.analysis.open_easy_connect);
  to.set_interim_ms(milliseconds_of(configuration.analysis.interim_interval));
  to.set_health_ms(milliseconds_of(configuration.health_interval));
  *to.mutable_log() = log_settings(configuration.log, reader);
  return to;
}

}  // namespace remora::supervisor
