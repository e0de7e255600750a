#include "daemon/secrets/privacy_key.h"

#include "daemon/secrets/secret_file.h"

namespace remora::secrets {
namespace {

/// A shorter one could be guessed with the names.
constexpr std::size_t kMinBytes = 16;
/// LIMIT: HMAC makes no use of more than a few of them.
constexpr std::size_t kMaxBytes = std::size_t{4} << 10U;

}  // namespace

tl::expected<keys::Secret, std::string> privacy_key(const settings::Privacy& privacy) {
  using settings::Treatment;
  const bool hashes = privacy.user_names == Treatment::kHash ||
                      privacy.host_names == Treatment::kHash ||
                      privacy.file_names == Treatment::kHash;
  if (!hashes) { return keys::Secret{}; }
  const auto content = SecretFile::open(privacy.key_file).and_then([](const SecretFile& file) {
    return file.read(kMaxBytes);
  });
  if (!content.has_value()) { return tl::unexpected{"privacy: key_file: " + content.error()}; }
  auto key = content->text();
  if (key.ends_with('\n')) { key.remove_suffix(1); }
  if (key.ends_with('\r')) { key.remove_suffix(1); }
  if (key.size() < kMinBytes) {
    return tl::unexpected{
        "privacy: key_file: " + privacy.key_file + ": holds " + std::to_string(key.size()) +
        " bytes; at least 16 random ones are wanted, such as openssl rand -hex 32 writes"};
  }
  return keys::Secret{as_bytes(key)};
}

}  // namespace remora::secrets
