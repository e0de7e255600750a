#pragma once

#include <string>

#include <tl/expected.hpp>

#include "daemon/settings/privacy.h"
#include "dissect/keys/secret.h"

namespace remora::secrets {

/// The key of the handles that stand for names: the content of `key_file` without its line end.
/// Empty where nothing is hashed. Fails where the file is of no use.
[[nodiscard]] tl::expected<keys::Secret, std::string> privacy_key(const settings::Privacy& privacy);

}  // namespace remora::secrets
