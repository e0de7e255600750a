#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace remora::ftp {

/// LIMIT: of a path, in bytes; a longer one is none.
inline constexpr std::size_t kMaxPathBytes = 2048;

/// Where a client begins whose working directory was not told.
inline constexpr std::string_view kHome{"~"};

/// `path` as a command gives it, seen from `folder`: with a slash in front it is absolute; "." and
/// ".." are resolved, and never lead above the root. No slash at the end. Bytes as sent.
[[nodiscard]] std::string resolve(std::string_view folder, std::string_view path);

/// The last part, as UTF-8.
[[nodiscard]] std::string file_name_of(std::string_view path);

}  // namespace remora::ftp
