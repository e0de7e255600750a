#include "daemon/secrets/secret_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <span>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>
#include <utility>
#include <vector>

namespace remora::secrets {
namespace {

/// Reads to the end, or until `to` is full; negative, with errno, when it cannot.
ssize_t read_all(int descriptor, std::span<std::byte> to) {
  std::size_t size = 0;
  while (size < to.size()) {
    const auto got = ::read(descriptor, to.data() + size, to.size() - size);
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

/// fstat(3), which in glibc 2.33 to 2.38 is newfstatat(2): that takes a path, and the sensor is not
/// allowed to name any.
bool look(int descriptor, struct stat& facts) {
#if defined(__linux__) && defined(__LP64__)
  return ::syscall(SYS_fstat, descriptor, &facts) == 0;
#else
  return ::fstat(descriptor, &facts) == 0;
#endif
}

/// Where the size is not told by the file system (a pipe), as much as may come.
std::size_t room_for(const struct stat& facts, std::size_t max_bytes) {
  if (!S_ISREG(facts.st_mode)) { return max_bytes + 1; }
  return std::min(static_cast<std::size_t>(facts.st_size), max_bytes) + 1;
}

std::string unreadable(const std::string& name) {
  return name + ": cannot be read: " + std::strerror(errno);
}

}  // namespace

tl::expected<SecretFile, std::string> SecretFile::open(std::string name) {
  // A pipe that nobody writes to is waited for when it is read, not here.
  const auto descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) { return tl::unexpected{unreadable(name)}; }
  (void)::fcntl(descriptor, F_SETFL, 0);
  return SecretFile{descriptor, std::move(name)};
}

SecretFile::SecretFile(SecretFile&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)}, name_{std::move(other.name_)} {}

SecretFile& SecretFile::operator=(SecretFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(name_, other.name_);
  return *this;
}

SecretFile::~SecretFile() {
  if (descriptor_ >= 0) { (void)::close(descriptor_); }
}

tl::expected<keys::Secret, std::string> SecretFile::read(std::size_t max_bytes) const {
  struct stat facts {};
  if (!look(descriptor_, facts)) { return tl::unexpected{unreadable(name_)}; }
  std::vector<std::byte> bytes(room_for(facts, max_bytes));
  const auto size = read_all(descriptor_, bytes);
  if (size < 0) { return tl::unexpected{unreadable(name_)}; }
  if (static_cast<std::size_t>(size) > max_bytes) {
    keys::wipe(bytes);
    return tl::unexpected{name_ + ": larger than " + size_text(max_bytes) + "; give a smaller one"};
  }
  keys::Secret content{ByteView{bytes}.first(static_cast<std::size_t>(size))};
  keys::wipe(bytes);
  return content;
}

tl::expected<std::uint64_t, std::string> SecretFile::size() const {
  struct stat facts {};
  if (!look(descriptor_, facts)) { return tl::unexpected{unreadable(name_)}; }
  return static_cast<std::uint64_t>(facts.st_size);
}

tl::expected<std::size_t, std::string> SecretFile::read_at(std::uint64_t offset,
                                                           std::span<std::byte> to) const {
  while (true) {
    const auto got = ::pread(descriptor_, to.data(), to.size(), static_cast<off_t>(offset));
    if (got >= 0) { return static_cast<std::size_t>(got); }
    if (errno != EINTR) { return tl::unexpected{unreadable(name_)}; }
  }
}

std::optional<SecretFile::Identity> SecretFile::identity() const {
  struct stat facts {};
  if (!look(descriptor_, facts)) { return {}; }
  return Identity{.device = facts.st_dev, .number = facts.st_ino};
}

std::optional<SecretFile::Identity> SecretFile::identity_of(const std::string& name) {
  struct stat facts {};
  if (::stat(name.c_str(), &facts) != 0) { return {}; }
  return Identity{.device = facts.st_dev, .number = facts.st_ino};
}

bool SecretFile::is_open_to_others() const {
  struct stat facts {};
  return look(descriptor_, facts) && S_ISREG(facts.st_mode) &&
         (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

bool SecretFile::is_regular() const {
  struct stat facts {};
  return look(descriptor_, facts) && S_ISREG(facts.st_mode);
}

}  // namespace remora::secrets
