#include "daemon/cli/password_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <span>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/cli/messages.h"

namespace remora::cli {
namespace {

/// LIMIT: bytes of a password file.
constexpr std::size_t kMaxFileBytes = std::size_t{64} << 10U;

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

bool add_lines(const std::string& name, std::string_view text, keys::KeyRing& ring) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) { line.remove_suffix(1); }
    if (!line.empty() && !ring.add_ticket_password(line)) {
      tell_error(name + ": more than " + std::to_string(keys::KeyRing::kMaxTicketPasswords) +
                 " ticket passwords; give fewer");
      return false;
    }
  }
  return true;
}

}  // namespace

bool add_ticket_passwords(const std::string& file, keys::KeyRing& ring) {
  const File opened{file};
  struct stat facts {};
  std::array<std::byte, kMaxFileBytes + 1> bytes{};
  ssize_t size = -1;
  if (opened.descriptor() >= 0 && fstat(opened.descriptor(), &facts) == 0) {
    size = read_all(opened, bytes);
  }
  if (size < 0) {
    tell_error("--ticket-password-file: " + file + ": cannot be read: " + std::strerror(errno));
    return false;
  }
  if (static_cast<std::size_t>(size) > kMaxFileBytes) {
    keys::wipe(bytes);
    tell_error("--ticket-password-file: " + file +
               ": larger than 64 KiB; give one password a line");
    return false;
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0 && S_ISREG(facts.st_mode)) {
    tell_warning(file + ": may be read by others than its owner; use chmod 600");
  }
  const auto text = std::span{bytes}.first(static_cast<std::size_t>(size));
  const bool added = add_lines(file, as_text(text), ring);
  keys::wipe(bytes);
  return added;
}

}  // namespace remora::cli
