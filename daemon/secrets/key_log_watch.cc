#include "daemon/secrets/key_log_watch.h"

#include <utility>

namespace remora::secrets {

void KeyLogWatch::watch(const SecretFile& file) {
  logs_.push_back({.name = file.name(), .known = file.identity()});
}

void KeyLogWatch::look_again(const std::string& name) {
  for (auto& log : logs_) {
    if (log.name == name) { log.known.reset(); }
  }
}

/// A name that nobody has leads nowhere new: who wrote the log may write on.
std::vector<SecretFile> KeyLogWatch::replaced(std::vector<std::string>& errors) {
  std::vector<SecretFile> found;
  for (auto& log : logs_) {
    const auto now = SecretFile::identity_of(log.name);
    if (!now.has_value() || now == log.known) { continue; }
    auto file = SecretFile::open(log.name);
    if (file.has_value() && file->is_regular()) {
      log.known = file->identity();
      found.push_back(std::move(*file));
    } else if (std::exchange(log.refused, now) != now) {
      errors.push_back(file.has_value() ? log.name + ": is no file any more" : file.error());
    }
  }
  return found;
}

}  // namespace remora::secrets
