#include "daemon/sensor/context.h"

#include <string>
#include <utility>

#include "daemon/log/log.h"
#include "daemon/secrets/key_files.h"
#include "daemon/secrets/secret_memory.h"

namespace remora::sensor {
namespace {

using internal::v1::KeyFiles;
using secrets::SecretFile;

/// Adds keys of one file after the other; a passphrase counts for those behind it.
class KeyReader {
 public:
  KeyReader(keys::KeyRing& ring, secrets::KeyLogs& logs) : ring_{&ring}, logs_{&logs} {}

  tl::expected<void, std::string> read(KeyFiles::Kind kind, SecretFile file) {
    switch (kind) {
      case KeyFiles::TLS_KEY_LOG:
        return follow(std::move(file));
      case KeyFiles::RSA_KEY:
        return secrets::add_rsa_key(file, passphrase_, *ring_, warnings_);
      case KeyFiles::RSA_KEY_PASSPHRASE:
        return secrets::read_passphrase(file, warnings_).map([this](keys::Secret secret) {
          passphrase_ = std::move(secret);
        });
      case KeyFiles::TICKET_PASSWORDS:
        return secrets::add_ticket_passwords(file, *ring_, warnings_);
      default:
        return tl::unexpected{file.name() + ": is of a kind that this version does not know"};
    }
  }
  [[nodiscard]] const secrets::Warnings& warnings() const { return warnings_; }

 private:
  tl::expected<void, std::string> follow(SecretFile file) {
    secrets::KeyLog log{std::move(file)};
    return secrets::begin_key_log(log, *ring_, warnings_).map([&] {
      logs_->follow(std::move(log));
    });
  }

  keys::KeyRing* ring_;
  secrets::KeyLogs* logs_;
  keys::Secret passphrase_;
  secrets::Warnings warnings_;
};

}  // namespace

Given make_context(const KeyFiles& files, std::deque<processes::Descriptor>& descriptors,
                   bool scan_streams, bool open_easy_connect) {
  auto context = std::make_shared<Context>();
  secrets::KeyLogs logs;
  context->scan_streams = scan_streams;
  context->open_easy_connect = open_easy_connect;
  if (files.files_size() > 0 && !secrets::secret_memory_is_locked()) {
    log::warning(
        "keys could not be locked into memory and may be swapped out; raise the limit of "
        "locked memory (LimitMEMLOCK=, ulimit -l)");
  }
  KeyReader reader{context->keys, logs};
  for (const auto& told : files.files()) {
    if (descriptors.empty()) { break; }
    auto file = SecretFile::adopt(descriptors.front().release(), told.name());
    descriptors.pop_front();
    const auto added = reader.read(told.kind(), std::move(file));
    if (!added.has_value()) { log::error("keys cannot be used", {{"reason", added.error()}}); }
  }
  for (const auto& warning : reader.warnings()) {
    log::warning("keys deserve a look", {{"reason", warning}});
  }
  return {.context = std::move(context), .logs = std::move(logs)};
}

}  // namespace remora::sensor
