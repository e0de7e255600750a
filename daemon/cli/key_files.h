#pragma once

#include <string>
#include <vector>

#include "dissect/keys/key_ring.h"

namespace remora::cli {

// Files of the operator's that hold keys. Each says on stderr what is wrong, never what is in them,
// and warns of a file that others than its owner may read. False when the file is of no use.

/// A TLS key log (SSLKEYLOGFILE).
[[nodiscard]] bool add_key_log(const std::string& file, keys::KeyRing& ring);

/// Servers' RSA private keys in any form that keys::read_rsa_key knows. `passphrase_file`: its
/// first line opens encrypted ones; may be empty.
[[nodiscard]] bool add_rsa_keys(const std::vector<std::string>& files,
                                const std::string& passphrase_file, keys::KeyRing& ring);

}  // namespace remora::cli
