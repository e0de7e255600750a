#pragma once

#include <optional>

#include "daemon/settings/privacy.h"
#include "dissect/keys/secret.h"

namespace remora::cli {

/// The key of the handles that stand for names: the content of `key_file` without its line end.
/// Empty where nothing is hashed. None where the file is of no use, which is told on stderr.
[[nodiscard]] std::optional<keys::Secret> privacy_key(const settings::Privacy& privacy);

}  // namespace remora::cli
