#pragma once

#include <string>
#include <vector>

#include "daemon/secrets/key_log.h"
#include "dissect/keys/tls_secrets.h"

namespace remora::secrets {

/// The key logs that a process follows.
///
/// State: the logs.
class KeyLogs {
 public:
  void follow(KeyLog log) { logs_.push_back(std::move(log)); }
  [[nodiscard]] bool empty() const { return logs_.empty(); }

  /// Costs a call of the system a log.
  [[nodiscard]] bool have_news() const;
  /// Reads on in all of them. What deserves to be told is appended to `told`.
  void read(keys::TlsSecrets& to, std::vector<std::string>& told);
  /// The same at the end, when nobody is waited for.
  void read_to_end(keys::TlsSecrets& to, std::vector<std::string>& told);
  /// What has the name of one of them now. What the old file still has is read first.
  void go_on_with(SecretFile next, keys::TlsSecrets& to, std::vector<std::string>& told);

 private:
  std::vector<KeyLog> logs_;
};

}  // namespace remora::secrets
