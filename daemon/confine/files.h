#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/confine/role.h"

namespace remora::confine {

/// Files and folders, these with all below them. What is named has to exist. A folder is meant, not
/// its name: one that is put in its place later is not reached. LIMIT: as many as the process may
/// open descriptors.
struct FileRights {
  std::vector<std::string> read_below;
  std::vector<std::string>
      write_below;  ///< read and written, files and folders made, renamed and removed
};

enum class Landlocked : std::uint8_t {
  kYes,
  kNotAvailable,  ///< the kernel has no Landlock, or it is switched off: files are guarded by their
                  ///< owners alone
};

/// Takes from the process, and from threads and processes that it starts later, the right to open
/// files other than these, by Landlock, as far as the kernel's version of it goes. None may be run.
/// Also out of reach are, for the sensor, TCP; for the sensor and the shipper, other processes'
/// abstract sockets, and other processes by signals. Descriptors that are open stay usable. Call
/// `harden` first; refused where threads run.
[[nodiscard]] tl::expected<Landlocked, std::string> confine_files(Role role,
                                                                  const FileRights& rights);

/// What libraries read of the system, of it what is there: configuration of the resolver, users,
/// certificates, time zones, modules of libc. Of /etc files and not the folder, which may hold
/// keys: one of them that is replaced while the daemon runs (a resolv.conf that is no link) is read
/// again after a restart.
[[nodiscard]] std::vector<std::string> system_files();

}  // namespace remora::confine
