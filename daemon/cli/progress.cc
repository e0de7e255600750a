#include "daemon/cli/progress.h"

#include <cstdio>
#include <unistd.h>

namespace remora::cli {
namespace {

constexpr auto kInterval = std::chrono::milliseconds{500};

}  // namespace

Progress::Progress(ProgressMode mode)
    : shown_{mode == ProgressMode::kAlways ||
             (mode == ProgressMode::kAuto && isatty(STDERR_FILENO) != 0)},
      start_{std::chrono::steady_clock::now()},
      last_{start_} {}

void Progress::renew() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < kInterval) { return; }
  last_ = now;
  written_ = true;
  const auto seconds = std::chrono::duration<double>(now - start_).count();
  (void)std::fprintf(stderr, "\r%llu packets, %.0f MB, %.0f MB/s \033[K",
                     static_cast<unsigned long long>(frames_), static_cast<double>(bytes_) / 1e6,
                     static_cast<double>(bytes_) / 1e6 / seconds);
}

void Progress::finish() const {
  if (written_) { (void)std::fputs("\r\033[K", stderr); }
}

}  // namespace remora::cli
