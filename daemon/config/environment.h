#pragma once

#include <string>

#include <tl/expected.hpp>

namespace remora::config {

/// `text` with `${NAME}` replaced by that environment variable and `$$` by `$`. Fails where a
/// variable is not set or a name does not end; the text tells no value.
[[nodiscard]] tl::expected<std::string, std::string> with_environment(const std::string& text);

}  // namespace remora::config
