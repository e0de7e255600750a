#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

namespace remora::store {

/// "RmrS": PRAGMA application_id of every store, https://sqlite.org/fileformat.html 1.3.
constexpr std::uint32_t kApplicationId = 0x526d7253;

enum class FileIdentity : std::uint8_t {
  kNothing,  ///< no such file, or an empty one
  kStore,    ///< perhaps a damaged one
  kStranger  ///< a file of somebody else, never to be touched
};

/// Looks at the first bytes of the file alone: damage further on does not matter. Makes and changes
/// nothing, and leaves the locks of this process alone. Fails where it is no file, or cannot be
/// read, with a text that says so.
[[nodiscard]] tl::expected<FileIdentity, std::string> identify_file(const std::string& path);

}  // namespace remora::store
