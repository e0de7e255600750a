#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace remora::outputs::file {

/// When the file was made; nothing where its file system does not know.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> birth_of(
    const std::string& path);

}  // namespace remora::outputs::file
