#pragma once

#include <string>
#include <vector>

#include "daemon/config/map.h"

namespace remora::settings {

/// The section `keys`: files that hold keys. Only their paths; they are read elsewhere.
struct KeyPaths {
  std::vector<std::string> tls_keylogs;
  std::vector<std::string> rsa_keys;
  std::string rsa_key_passphrase_file;  ///< empty: none
  std::vector<std::string> ticket_password_files;
  bool operator==(const KeyPaths&) const = default;
};

[[nodiscard]] KeyPaths read_key_paths(config::Map map);

}  // namespace remora::settings
