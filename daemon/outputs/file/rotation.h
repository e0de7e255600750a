#pragma once

#include <string>

namespace remora::outputs::file {

/// Renames `path` to `path.1`, what was `path.1` to `path.2` and so on, `keep` of them; what would
/// be one more goes, and with `keep` 0 the file itself. Gives why it could not, or nothing. A crash
/// in the middle leaves a number free, no file overwritten.
[[nodiscard]] std::string rotate(const std::string& path, unsigned keep);

}  // namespace remora::outputs::file
