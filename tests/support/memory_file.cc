#include "tests/support/memory_file.h"

#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace remora::testing {

MemoryFile::MemoryFile(std::span<const std::byte> bytes)
    : descriptor_{::memfd_create("remora_test", MFD_CLOEXEC)},
      path_{"/proc/self/fd/" + std::to_string(descriptor_)} {
  if (descriptor_ < 0) { throw std::runtime_error{"no memory file"}; }
  while (!bytes.empty()) {
    const auto count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count <= 0) { throw std::runtime_error{"the memory file cannot be written"}; }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

MemoryFile::~MemoryFile() {
  ::close(descriptor_);
}

void MemoryFile::cut(std::size_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    throw std::runtime_error{"the memory file cannot be cut"};
  }
}

}  // namespace remora::testing
