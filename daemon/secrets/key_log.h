#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "daemon/secrets/secret_file.h"
#include "dissect/keys/tls_secrets.h"

namespace remora::secrets {

/// A TLS key log (SSLKEYLOGFILE), a regular file, that is read as it grows: line by line, each once
/// its end is written. A file that was cut short is read from its start again; another that took
/// its place is gone on with when it is handed over (`go_on_with`).
///
/// State: the open file, and how far it was read. None of its content.
class KeyLog {
 public:
  /// LIMIT: bytes of a log that was there before; of a longer one the last are read.
  static constexpr std::uint64_t kMaxAtOnce = std::uint64_t{256} << 20U;

  explicit KeyLog(SecretFile file) : file_{std::move(file)} {}

  /// Something may be there that was not read. Costs one call of the system.
  [[nodiscard]] bool has_news() const;

  /// Reads on, up to the end of the last whole line.
  struct Read {
    std::size_t secrets{0};
    bool anew{false};         ///< it was cut short: read from its start again
    bool passed_over{false};  ///< it is so long that its beginning was not read
  };
  [[nodiscard]] tl::expected<Read, std::string> read(keys::TlsSecrets& to);
  /// A last line that has no end: nobody writes to it any more.
  [[nodiscard]] tl::expected<Read, std::string> read_to_end(keys::TlsSecrets& to);

  /// `next` has its name from here on. What is still unread of the old file should be read first.
  void go_on_with(SecretFile next);

  [[nodiscard]] const SecretFile& file() const { return file_; }

 private:
  [[nodiscard]] tl::expected<Read, std::string> read(keys::TlsSecrets& to, bool to_end);

  SecretFile file_;
  std::uint64_t read_to_{0};  ///< where the next line begins
  std::uint64_t seen_{0};     ///< its size when it was last read
  bool in_long_line_{false};  ///< what is read next ends a line that is too long to be one
};

}  // namespace remora::secrets
