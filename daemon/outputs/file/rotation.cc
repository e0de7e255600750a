#include "daemon/outputs/file/rotation.h"

#include <filesystem>
#include <system_error>

namespace remora::outputs::file {

std::string rotate(const std::string& path, unsigned keep) {
  const auto name = [&](unsigned number) {
    return number == 0 ? path : path + '.' + std::to_string(number);
  };
  std::error_code error;
  // Up to the first free number only: what a crash left in the middle is filled.
  unsigned free = 0;
  while (free < keep && std::filesystem::exists(name(free), error)) { ++free; }
  if (free == keep) {
    std::filesystem::remove(name(keep), error);
    if (error) {
      return name(keep) + ": cannot be removed: " + error.message() +
             "; check who may write in its folder";
    }
  }
  for (unsigned number = free; number > 0; --number) {
    std::filesystem::rename(name(number - 1), name(number), error);
    if (error) {
      return name(number - 1) + ": cannot be renamed: " + error.message() +
             "; check who may write in its folder";
    }
  }
  return {};
}

}  // namespace remora::outputs::file
