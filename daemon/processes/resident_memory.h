#pragma once

#include <cstdint>

#include "daemon/processes/descriptor.h"

namespace remora::processes {

/// How much memory the process has in use. Opened before the right to open files goes.
class ResidentMemory {
 public:
  ResidentMemory();
  /// Resident bytes; 0 where the system does not tell.
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  Descriptor file_;  ///< /proc/self/statm, proc(5)
};

}  // namespace remora::processes
