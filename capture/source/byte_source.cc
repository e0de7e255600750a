#include "capture/source/byte_source.h"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace remora::capture {

FileBytes::~FileBytes() {
  ::close(descriptor_);
}

tl::expected<std::size_t, ByteError> FileBytes::read(std::span<std::byte> into) {
  for (;;) {
    const auto count = ::read(descriptor_, into.data(), into.size());
    if (count >= 0) { return static_cast<std::size_t>(count); }
    if (errno != EINTR) {
      return tl::unexpected{
          ByteError{.reason = "reading failed: " + std::generic_category().message(errno)}};
    }
  }
}

bool FileBytes::may_wait() const {
  struct stat facts {};
  return ::fstat(descriptor_, &facts) != 0 || !S_ISREG(facts.st_mode);
}

}  // namespace remora::capture
