#include "daemon/sqlite/damaged_file.h"

#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace remora::sqlite {
namespace {

/// LIMIT: whoever has so many damaged databases has a disk to replace.
constexpr int kMaxAside = 1000;

/// The journals first: without them the file is what it was at its last checkpoint, and a crash in
/// between leaves a file that is found damaged once more.
constexpr std::array<std::string_view, 3> kParts{"-wal", "-shm", ""};

std::string name_of(const std::string& path, int count) {
  return path + ".damaged" + (count == 1 ? "" : '.' + std::to_string(count));
}

}  // namespace

tl::expected<std::string, std::string> set_aside(const std::string& path) {
  int count = 1;
  std::error_code error;
  while (std::filesystem::exists(name_of(path, count), error) && count < kMaxAside) { ++count; }
  const auto aside = name_of(path, count);
  for (const auto part : kParts) {
    const auto from = path + std::string{part};
    if (!std::filesystem::exists(from, error)) { continue; }
    std::filesystem::rename(from, aside + std::string{part}, error);
    if (error) {
      return tl::unexpected{from + ": is damaged and cannot be renamed: " + error.message() +
                            "; move it away"};
    }
  }
  return aside;
}

}  // namespace remora::sqlite
