#include "daemon/processes/resident_memory.h"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace remora::processes {

ResidentMemory::ResidentMemory() : file_{::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)} {}

std::uint64_t ResidentMemory::bytes() const {
  std::array<char, 128> text{};
  const auto got = ::pread(file_.number(), text.data(), text.size(), 0);
  if (got <= 0) { return 0; }
  const std::string_view line{text.data(), static_cast<std::size_t>(got)};
  const auto second = line.find(' ');
  if (second == std::string_view::npos) { return 0; }
  std::uint64_t pages = 0;
  (void)std::from_chars(line.data() + second + 1, line.data() + line.size(), pages);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace remora::processes
