#pragma once

#include <string>

#include <tl/expected.hpp>

namespace remora::confine {

/// Capabilities, Landlock and seccomp bind the calling thread and those that it starts later: a
/// thread that runs already would go free. An error where there is one; `what` names what is to be
/// given up. Opens no file.
[[nodiscard]] tl::expected<void, std::string> require_single_thread(const char* what);

}  // namespace remora::confine
