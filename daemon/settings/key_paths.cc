#include "daemon/settings/key_paths.h"

#include <tl/expected.hpp>

namespace remora::settings {
namespace {

tl::expected<std::string, std::string> read_path(const std::string& text) {
  if (text.empty()) { return tl::unexpected{std::string{"is empty; name a file"}}; }
  return text;
}

}  // namespace

KeyPaths read_key_paths(config::Map map) {
  KeyPaths paths{.tls_keylogs = map.list("tls_keylogs", read_path),
                 .rsa_keys = map.list("rsa_keys", read_path),
                 .rsa_key_passphrase_file = map.text("rsa_key_passphrase_file"),
                 .ticket_password_files = map.list("ticket_password_files", read_path)};
  if (!paths.rsa_key_passphrase_file.empty() && paths.rsa_keys.empty()) {
    map.complain("rsa_key_passphrase_file", "is for rsa_keys, of which there are none");
  }
  map.done();
  return paths;
}

}  // namespace remora::settings
