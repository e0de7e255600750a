#pragma once

#include <string>

#include "dissect/keys/key_ring.h"

namespace remora::cli {

/// Adds the ticket passwords of a file, one a line; empty lines are passed over, other white space
/// belongs to the password. Warns where others than its owner may read the file. False, with a
/// message, when it cannot be read or holds more than the ring takes.
[[nodiscard]] bool add_ticket_passwords(const std::string& file, keys::KeyRing& ring);

}  // namespace remora::cli
