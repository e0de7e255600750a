#include "daemon/cli/key_files.h"

#include <utility>

#include "daemon/cli/messages.h"
#include "daemon/secrets/key_files.h"

namespace remora::cli {
namespace {

using secrets::SecretFile;
using secrets::Warnings;

/// Opens the file, does `add(file, warnings)`, and tells what came of it.
template <typename Add>
bool with_file(const std::string& option, const std::string& name, Add add) {
  Warnings warnings;
  const auto added =
      SecretFile::open(name).and_then([&](const SecretFile& file) { return add(file, warnings); });
  for (const auto& warning : warnings) { tell_warning(warning); }
  if (!added.has_value()) { tell_error(option + ": " + added.error()); }
  return added.has_value();
}

}  // namespace

bool add_key_log(const std::string& file, keys::KeyRing& ring) {
  return with_file("--tls-keylog", file, [&](const SecretFile& opened, Warnings& warnings) {
    return secrets::add_key_log(opened, ring, warnings);
  });
}

bool add_rsa_keys(const std::vector<std::string>& files, const std::string& passphrase_file,
                  keys::KeyRing& ring) {
  keys::Secret passphrase;
  const auto read = [&](const SecretFile& opened, Warnings& warnings) {
    return secrets::read_passphrase(opened, warnings).map([&](keys::Secret secret) {
      passphrase = std::move(secret);
    });
  };
  if (!files.empty() && !passphrase_file.empty() &&
      !with_file("--rsa-key-passphrase-file", passphrase_file, read)) {
    return false;
  }
  for (const auto& file : files) {
    const auto add = [&](const SecretFile& opened, Warnings& warnings) {
      return secrets::add_rsa_key(opened, passphrase, ring, warnings);
    };
    if (!with_file("--rsa-key", file, add)) { return false; }
  }
  return true;
}

bool add_ticket_passwords(const std::string& file, keys::KeyRing& ring) {
  return with_file("--ticket-password-file", file,
                   [&](const SecretFile& opened, Warnings& warnings) {
                     return secrets::add_ticket_passwords(opened, ring, warnings);
                   });
}

}  // namespace remora::cli
