#include "daemon/secrets/key_files.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace remora::secrets {
namespace {

// LIMIT: bytes of such a file.
constexpr std::size_t kMaxKeyLogBytes = std::size_t{256} << 20U;
constexpr std::size_t kMaxKeyBytes = std::size_t{64} << 10U;

void warn_of_others(const SecretFile& file, Warnings& warnings) {
  if (!file.is_open_to_others()) { return; }
  warnings.push_back(file.name() + ": may be read by others than its owner; use chmod 600");
}

void warn_of_nothing(const SecretFile& file, Warnings& warnings) {
  warnings.push_back(file.name() +
                     ": holds no TLS secrets; it should have lines such as CLIENT_RANDOM, as "
                     "programs write them that are given SSLKEYLOGFILE");
}

/// `before`: how many had gone before the file was read.
void warn_of_too_many(const SecretFile& file, const keys::TlsSecrets& secrets, std::uint64_t before,
                      Warnings& warnings) {
  if (secrets.given_up() == before) { return; }
  warnings.push_back(file.name() + ": more than " + std::to_string(keys::TlsSecrets::kMaxSecrets) +
                     " TLS secrets; those that came first are left out");
}

tl::expected<keys::Secret, std::string> read(const SecretFile& file, std::size_t max_bytes,
                                             Warnings& warnings) {
  auto content = file.read(max_bytes);
  if (content.has_value()) { warn_of_others(file, warnings); }
  return content;
}

/// Cuts the first line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) { line.remove_suffix(1); }
  return line;
}

}  // namespace

tl::expected<void, std::string> add_key_log(const SecretFile& file, keys::KeyRing& ring,
                                            Warnings& warnings) {
  const auto content = read(file, kMaxKeyLogBytes, warnings);
  if (!content.has_value()) { return tl::unexpected{content.error()}; }
  const auto given_up = ring.tls().given_up();
  if (ring.tls().add_key_log(content->text()) == 0) { warn_of_nothing(file, warnings); }
  warn_of_too_many(file, ring.tls(), given_up, warnings);
  return {};
}

tl::expected<void, std::string> begin_key_log(KeyLog& log, keys::KeyRing& ring,
                                              Warnings& warnings) {
  warn_of_others(log.file(), warnings);
  const auto given_up = ring.tls().given_up();
  const auto done = log.read(ring.tls());
  if (!done.has_value()) { return tl::unexpected{done.error()}; }
  ring.tls().expect_more();
  // An empty one may still be written to.
  if (done->secrets == 0 && log.file().size().value_or(0) > 0) {
    warn_of_nothing(log.file(), warnings);
  }
  if (done->passed_over) {
    warnings.push_back(log.file().name() + ": is so long that only its last 256 MiB are read");
  }
  warn_of_too_many(log.file(), ring.tls(), given_up, warnings);
  return {};
}

tl::expected<void, std::string> add_rsa_key(const SecretFile& file, const keys::Secret& passphrase,
                                            keys::KeyRing& ring, Warnings& warnings) {
  const auto content = read(file, kMaxKeyBytes, warnings);
  if (!content.has_value()) { return tl::unexpected{content.error()}; }
  auto found = keys::read_rsa_key(content->bytes(), passphrase.text());
  if (!found.key.has_value()) {
    return tl::unexpected{file.name() + ": " + std::string{found.why}};
  }
  if (!ring.add_rsa_key(std::move(*found.key))) {
    return tl::unexpected{file.name() + ": more than " +
                          std::to_string(keys::KeyRing::kMaxRsaKeys) + " keys; give fewer"};
  }
  return {};
}

tl::expected<keys::Secret, std::string> read_passphrase(const SecretFile& file,
                                                        Warnings& warnings) {
  const auto content = read(file, kMaxKeyBytes, warnings);
  if (!content.has_value()) { return tl::unexpected{content.error()}; }
  auto text = content->text();
  return keys::Secret{as_bytes(take_line(text))};
}

tl::expected<void, std::string> add_ticket_passwords(const SecretFile& file, keys::KeyRing& ring,
                                                     Warnings& warnings) {
  const auto content = read(file, kMaxKeyBytes, warnings);
  if (!content.has_value()) { return tl::unexpected{content.error()}; }
  for (auto text = content->text(); !text.empty();) {
    const auto line = take_line(text);
    if (!line.empty() && !ring.add_ticket_password(line)) {
      return tl::unexpected{file.name() + ": more than " +
                            std::to_string(keys::KeyRing::kMaxTicketPasswords) +
                            " ticket passwords; give fewer"};
    }
  }
  return {};
}

}  // namespace remora::secrets
