#pragma once

#include <string>
#include <vector>

#include "dissect/keys/key_ring.h"

namespace remora::cli {

// Key files that options name. Each says on stderr what is wrong, with the option, and what to warn
// of. False when the file is of no use.

/// `--tls-keylog`
[[nodiscard]] bool add_key_log(const std::string& file, keys::KeyRing& ring);

/// `--rsa-key`; `passphrase_file` may be empty, and is read once a key is.
[[nodiscard]] bool add_rsa_keys(const std::vector<std::string>& files,
                                const std::string& passphrase_file, keys::KeyRing& ring);

/// `--ticket-password-file`
[[nodiscard]] bool add_ticket_passwords(const std::string& file, keys::KeyRing& ring);

}  // namespace remora::cli
