#pragma once

#include <string>

namespace remora::settings {

/// A whole configuration with every option: as it is by default, or commented out (without a space
/// behind the #) with an example. It is default.yaml.
[[nodiscard]] std::string default_configuration();

}  // namespace remora::settings
