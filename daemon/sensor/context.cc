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
  explicit KeyReader(keys::KeyRing& ring) : ring_{&ring} {}

  tl::expected<void, std::string> read(KeyFiles::Kind kind, const SecretFile& file) {
    switch (kind) {
      case KeyFiles::TLS_KEY_LOG:
        return secrets::add_key_log(file, *ring_, warnings_);
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
  keys::KeyRing* ring_;
  keys::Secret passphrase_;
  secrets::Warnings warnings_;
};

}  // namespace

std::shared_ptr<const Context> make_context(const KeyFiles& files,
                                            std::deque<processes::Descriptor>& descriptors,
                                            bool scan_streams, bool open_easy_connect) {
  auto context = std::make_shared<Context>();
  context->scan_streams = scan_streams;
  context->open_easy_connect = open_easy_connect;
  if (files.files_size() > 0 && !secrets::secret_memory_is_locked()) {
    log::warning(
        "keys could not be locked into memory and may be swapped out; raise the limit of "
        "locked memory (LimitMEMLOCK=, ulimit -l)");
  }
  KeyReader reader{context->keys};
  for (const auto& told : files.files()) {
    if (descriptors.empty()) { break; }
    const auto file = SecretFile::adopt(descriptors.front().release(), told.name());
    descriptors.pop_front();
    const auto added = reader.read(told.kind(), file);
    if (!added.has_value()) { log::error("keys cannot be used", {{"reason", added.error()}}); }
  }
  for (const auto& warning : reader.warnings()) {
    log::warning("keys deserve a look", {{"reason", warning}});
  }
  return context;
}

}  // namespace remora::sensor
