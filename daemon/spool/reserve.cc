#include "daemon/spool/reserve.h"

#include <fcntl.h>
#include <unistd.h>

namespace remora::spool {

bool Reserve::take() {
  if (held_) { return true; }
  const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) { return false; }
  held_ = ::posix_fallocate(file, 0, static_cast<off_t>(bytes_)) == 0;
  (void)::close(file);
  if (!held_) { (void)::unlink(path_.c_str()); }
  return held_;
}

bool Reserve::release() {
  held_ = false;
  return ::unlink(path_.c_str()) == 0;
}

}  // namespace remora::spool
