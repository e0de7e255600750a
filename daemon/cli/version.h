#pragma once

namespace remora::cli {

/// Prints the version of Remora and of the libraries that it runs with.
[[nodiscard]] int version();

}  // namespace remora::cli
