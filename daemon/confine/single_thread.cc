#include "daemon/confine/single_thread.h"

#include <sys/stat.h>

namespace remora::confine {

tl::expected<void, std::string> require_single_thread(const char* what) {
  // A folder has a link for itself, one for its name, and one for each folder in it: here each
  // thread, proc(5). stat works under Landlock, too. Without /proc nothing is known, and nothing is
  // in the way.
  constexpr nlink_t kOneThread = 3;
  struct stat tasks {};
  if (::stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink <= kOneThread) { return {}; }
  return tl::unexpected{std::string{what} +
                        ": threads run already, which would keep their rights; this is a mistake "
                        "of the program, please report it"};
}

}  // namespace remora::confine
