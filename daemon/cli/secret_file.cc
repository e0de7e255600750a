#include "daemon/cli/secret_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <span>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "daemon/cli/messages.h"

namespace remora::cli {
namespace {

/// An open file, until it goes.
class File {
 public:
  explicit File(const std::string& path) : descriptor_{open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  File(File&&) = delete;
  File& operator=(File&&) = delete;
  ~File() {
    if (descriptor_ >= 0) { (void)close(descriptor_); }
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Reads to the end, or until `to` is full; negative, with errno, when it cannot.
ssize_t read_all(const File& file, std::span<std::byte> to) {
  std::size_t size = 0;
  while (size < to.size()) {
    const auto got = read(file.descriptor(), to.data() + size, to.size() - size);
    if (got < 0 && errno == EINTR) { continue; }
    if (got < 0) { return got; }
    if (got == 0) { break; }
    size += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(size);
}

std::string size_text(std::size_t bytes) {
  return bytes >= (std::size_t{1} << 20U) ? std::to_string(bytes >> 20U) + " MiB"
                                          : std::to_string(bytes >> 10U) + " KiB";
}

/// Where the size is not told by the file system (a pipe), as much as may come.
std::size_t room_for(const struct stat& facts, std::size_t max_bytes) {
  if (!S_ISREG(facts.st_mode)) { return max_bytes + 1; }
  return std::min(static_cast<std::size_t>(facts.st_size), max_bytes) + 1;
}

}  // namespace

std::optional<keys::Secret> read_secret_file(const std::string& option, const std::string& file,
                                             std::size_t max_bytes) {
  const File opened{file};
  struct stat facts {};
  std::vector<std::byte> bytes;
  ssize_t size = -1;
  if (opened.descriptor() >= 0 && fstat(opened.descriptor(), &facts) == 0) {
    bytes.resize(room_for(facts, max_bytes));
    size = read_all(opened, bytes);
  }
  if (size < 0) {
    tell_error(option + ": " + file + ": cannot be read: " + std::strerror(errno));
    return {};
  }
  if (static_cast<std::size_t>(size) > max_bytes) {
    keys::wipe(bytes);
    tell_error(option + ": " + file + ": larger than " + size_text(max_bytes) +
               "; give a smaller one");
    return {};
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0 && S_ISREG(facts.st_mode)) {
    tell_warning(file + ": may be read by others than its owner; use chmod 600");
  }
  keys::Secret content{ByteView{bytes}.first(static_cast<std::size_t>(size))};
  keys::wipe(bytes);
  return content;
}

}  // namespace remora::cli
