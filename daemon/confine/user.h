#pragma once

#include <string>

#include <tl/expected.hpp>

#include "daemon/confine/capabilities.h"

namespace remora::confine {

/// Whether the process runs as user 0, really or effectively.
[[nodiscard]] bool is_root();

/// Turns root into the named user for good: its groups (those that the administrator put it in,
/// too), its ids, and of the capabilities `keep`. Fails for a user that does not exist or is root
/// by another name, and where the process is not root. After an error the process is to end: it may
/// have given up a part.
[[nodiscard]] tl::expected<void, std::string> become(const std::string& user, Keep keep);

}  // namespace remora::confine
