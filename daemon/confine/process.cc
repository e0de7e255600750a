#include "daemon/confine/process.h"

#include <cerrno>
#include <cstring>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace remora::confine {

tl::expected<void, std::string> harden() {
  const auto failure = [](const char* what) {
    return tl::unexpected{std::string{what} + ": " + std::strerror(errno) +
                          "; look for what restricts this process: a container, another security "
                          "module"};
  };
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return failure("no new privileges: cannot be set");
  }
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) { return failure("core dumps: stay possible"); }
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) { return failure("core dumps: stay possible"); }
  (void)::umask(077);
  return {};
}

}  // namespace remora::confine
