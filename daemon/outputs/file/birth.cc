#include "daemon/outputs/file/birth.h"

#include <fcntl.h>
#include <sys/stat.h>

namespace remora::outputs::file {

std::optional<std::chrono::system_clock::time_point> birth_of(const std::string& path) {
  struct statx facts {};
  if (::statx(AT_FDCWD, path.c_str(), 0, STATX_BTIME, &facts) != 0 ||
      (facts.stx_mask & STATX_BTIME) == 0) {
    return std::nullopt;
  }
  const std::chrono::nanoseconds since_epoch = std::chrono::seconds{facts.stx_btime.tv_sec} +
                                               std::chrono::nanoseconds{facts.stx_btime.tv_nsec};
  return std::chrono::system_clock::time_point{since_epoch};
}

}  // namespace remora::outputs::file
