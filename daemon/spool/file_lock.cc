#include "daemon/spool/file_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace remora::spool {

tl::expected<FileLock, std::string> FileLock::take(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return tl::unexpected{path + ": cannot be opened: " + std::strerror(errno) +
                          "; check that the folder exists and who may write there"};
  }
  FileLock lock{file};
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) { return lock; }
  return tl::unexpected{path + ": is held by another process; end it, or use another path"};
}

bool FileLock::is_held(const std::string& path) {
  const FileLock lock{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
  return lock.file_ >= 0 && ::flock(lock.file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

FileLock::~FileLock() {
  if (file_ >= 0) { (void)::close(file_); }
}

}  // namespace remora::spool
