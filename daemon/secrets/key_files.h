#pragma once

#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/secrets/key_log.h"
#include "daemon/secrets/secret_file.h"
#include "dissect/keys/key_ring.h"

namespace remora::secrets {

// Files of the operator's that hold keys. Errors and warnings name the file, never what is in it; a
// file that others than its owner may read is warned of. An error means: nothing of it was added.

using Warnings = std::vector<std::string>;

/// A TLS key log (SSLKEYLOGFILE).
[[nodiscard]] tl::expected<void, std::string> add_key_log(const SecretFile& file,
                                                          keys::KeyRing& ring, Warnings& warnings);

/// The same of one that is followed: what is in it so far.
[[nodiscard]] tl::expected<void, std::string> begin_key_log(KeyLog& log, keys::KeyRing& ring,
                                                            Warnings& warnings);

/// A server's RSA private key in any form that keys::read_rsa_key knows; `passphrase` opens an
/// encrypted one.
[[nodiscard]] tl::expected<void, std::string> add_rsa_key(const SecretFile& file,
                                                          const keys::Secret& passphrase,
                                                          keys::KeyRing& ring, Warnings& warnings);

/// The first line of a file, which opens encrypted keys.
[[nodiscard]] tl::expected<keys::Secret, std::string> read_passphrase(const SecretFile& file,
                                                                      Warnings& warnings);

/// Passwords of tickets, one a line; empty lines are passed over, other white space belongs to the
/// password.
[[nodiscard]] tl::expected<void, std::string> add_ticket_passwords(const SecretFile& file,
                                                                   keys::KeyRing& ring,
                                                                   Warnings& warnings);

}  // namespace remora::secrets
