#include "daemon/cli/key_files.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/cli/messages.h"
#include "daemon/cli/secret_file.h"

namespace remora::cli {
namespace {

// LIMIT: bytes of such a file.
constexpr std::size_t kMaxKeyLogBytes = std::size_t{256} << 20U;
constexpr std::size_t kMaxKeyBytes = std::size_t{64} << 10U;

std::string_view first_line(std::string_view text) {
  text = text.substr(0, std::min(text.find('\n'), text.size()));
  if (text.ends_with('\r')) { text.remove_suffix(1); }
  return text;
}

bool add_rsa_key(const std::string& file, ByteView content, std::string_view passphrase,
                 keys::KeyRing& ring) {
  auto found = keys::read_rsa_key(content, passphrase);
  if (!found.key.has_value()) {
    tell_error("--rsa-key: " + file + ": " + std::string{found.why});
    return false;
  }
  if (!ring.add_rsa_key(std::move(*found.key))) {
    tell_error("--rsa-key: more than " + std::to_string(keys::KeyRing::kMaxRsaKeys) +
               " keys; give fewer");
    return false;
  }
  return true;
}

}  // namespace

bool add_key_log(const std::string& file, keys::KeyRing& ring) {
  const auto content = read_secret_file("--tls-keylog", file, kMaxKeyLogBytes);
  if (!content.has_value()) { return false; }
  if (ring.tls().add_key_log(content->text()) == 0) {
    tell_warning(file +
                 ": holds no TLS secrets; it should have lines such as CLIENT_RANDOM, as "
                 "programs write them that are given SSLKEYLOGFILE");
  }
  if (ring.tls().full()) {
    tell_warning(file + ": more than " + std::to_string(keys::TlsSecrets::kMaxSecrets) +
                 " TLS secrets; the rest is left out");
  }
  return true;
}

bool add_rsa_keys(const std::vector<std::string>& files, const std::string& passphrase_file,
                  keys::KeyRing& ring) {
  keys::Secret passphrase;
  for (const auto& file : files) {
    const auto content = read_secret_file("--rsa-key", file, kMaxKeyBytes);
    if (!content.has_value()) { return false; }
    if (passphrase.empty() && !passphrase_file.empty()) {
      auto read = read_secret_file("--rsa-key-passphrase-file", passphrase_file, kMaxKeyBytes);
      if (!read.has_value()) { return false; }
      passphrase = std::move(*read);
    }
    if (!add_rsa_key(file, content->bytes(), first_line(passphrase.text()), ring)) { return false; }
  }
  return true;
}

}  // namespace remora::cli
