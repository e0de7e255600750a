#include "daemon/cli/privacy_key.h"

#include <string>

#include "daemon/cli/messages.h"
#include "daemon/cli/secret_file.h"

namespace remora::cli {
namespace {

/// A shorter one could be guessed with the names.
constexpr std::size_t kMinBytes = 16;
/// LIMIT: HMAC makes no use of more than a few of them.
constexpr std::size_t kMaxBytes = std::size_t{4} << 10U;

}  // namespace

std::optional<keys::Secret> privacy_key(const settings::Privacy& privacy) {
  using settings::Treatment;
  const bool hashes = privacy.user_names == Treatment::kHash ||
                      privacy.host_names == Treatment::kHash ||
                      privacy.file_names == Treatment::kHash;
  if (!hashes) { return keys::Secret{}; }
  const auto content = read_secret_file("privacy: key_file", privacy.key_file, kMaxBytes);
  if (!content.has_value()) { return std::nullopt; }
  auto key = content->text();
  if (key.ends_with('\n')) { key.remove_suffix(1); }
  if (key.ends_with('\r')) { key.remove_suffix(1); }
  if (key.size() < kMinBytes) {
    tell_error("privacy: key_file: " + privacy.key_file + ": holds " + std::to_string(key.size()) +
               " bytes; at least 16 random ones are wanted, such as openssl rand -hex 32 writes");
    return std::nullopt;
  }
  return keys::Secret{as_bytes(key)};
}

}  // namespace remora::cli
