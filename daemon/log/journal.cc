#include "daemon/log/journal.h"

#include <cstdlib>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace remora::log {

bool stderr_is_journal() {
  const char* named = std::getenv("JOURNAL_STREAM");
  struct stat is {};
  if (named == nullptr || ::fstat(STDERR_FILENO, &is) != 0) { return false; }
  return std::to_string(is.st_dev) + ':' + std::to_string(is.st_ino) == named;
}

}  // namespace remora::log
