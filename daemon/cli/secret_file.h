#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "dissect/keys/secret.h"

namespace remora::cli {

/// The content of a file that holds something secret, at most `max_bytes`. Says on stderr, with
/// `option` before it, why it cannot be read, and warns where others than its owner may read it.
[[nodiscard]] std::optional<keys::Secret> read_secret_file(const std::string& option,
                                                           const std::string& file,
                                                           std::size_t max_bytes);

}  // namespace remora::cli
