#include "daemon/secrets/key_logs.h"

#include <algorithm>
#include <utility>

namespace remora::secrets {
namespace {

void tell(const KeyLog& log, const tl::expected<KeyLog::Read, std::string>& done,
          std::vector<std::string>& told) {
  if (!done.has_value()) {
    told.push_back(done.error());
    return;
  }
  if (done->anew) { told.push_back(log.file().name() + ": was cut short; it is read anew"); }
  if (done->passed_over) {
    told.push_back(log.file().name() + ": has grown so much that some of it was passed over");
  }
}

}  // namespace

bool KeyLogs::have_news() const {
  return std::ranges::any_of(logs_, [](const KeyLog& log) { return log.has_news(); });
}

void KeyLogs::read(keys::TlsSecrets& to, std::vector<std::string>& told) {
  for (auto& log : logs_) {
    if (log.has_news()) { tell(log, log.read(to), told); }
  }
}

void KeyLogs::read_to_end(keys::TlsSecrets& to, std::vector<std::string>& told) {
  for (auto& log : logs_) { tell(log, log.read_to_end(to), told); }
}

void KeyLogs::go_on_with(SecretFile next, keys::TlsSecrets& to, std::vector<std::string>& told) {
  const auto log = std::ranges::find(logs_, next.name(),
                                     [](const KeyLog& known) { return known.file().name(); });
  if (log == logs_.end()) { return; }
  tell(*log, log->read_to_end(to), told);
  told.push_back(next.name() + ": is another file now, which is read from its start");
  log->go_on_with(std::move(next));
  tell(*log, log->read(to), told);
}

}  // namespace remora::secrets
