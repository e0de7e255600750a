#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/secrets/secret_file.h"

namespace remora::secrets {

/// Sees that another file has taken the name of a key log: a rotation, or a program that writes a
/// new one. It needs the right to open the files.
///
/// State: which file has each name.
class KeyLogWatch {
 public:
  /// What is followed from here on is `file`.
  void watch(const SecretFile& file);
  [[nodiscard]] bool empty() const { return logs_.empty(); }

  /// The files that took a name since the last call, open. What cannot be opened is told once in
  /// `errors`. Costs a call of the system a log.
  [[nodiscard]] std::vector<SecretFile> replaced(std::vector<std::string>& errors);
  /// What was given of `name` did not arrive: it is given again.
  void look_again(const std::string& name);

 private:
  struct Log {
    std::string name;
    std::optional<SecretFile::Identity> known;
    std::optional<SecretFile::Identity> refused{};  ///< what could not be opened, and was told
  };
  std::vector<Log> logs_;
};

}  // namespace remora::secrets
