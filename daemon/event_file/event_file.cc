#include "daemon/event_file/event_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "daemon/event/delimited.h"
#include "daemon/event_file/repair.h"
#include "daemon/outputs/json_lines.h"

namespace remora::event_file {
namespace {

/// LIMIT: damaged files that are kept beside a new one.
constexpr int kMaxSetAside = 100;
/// What one burst needed is not kept for good.
constexpr std::size_t kKeptBytes = std::size_t{8} << 20U;

[[nodiscard]] std::string error_text() {
  return std::strerror(errno);
}

[[nodiscard]] std::string file_in(std::string path, Format format) {
  std::error_code ignored;
  if (!path.ends_with('/') && !std::filesystem::is_directory(path, ignored)) { return path; }
  return std::filesystem::path{std::move(path)} /
         (format == Format::kProtobuf ? "./events.pb" : "./events.jsonl");
}

/// A new name is not durable before its folder is.
[[nodiscard]] bool sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::absolute(path).parent_path();
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) { return false; }
  const bool synced = ::fsync(descriptor) == 0;
  (void)::close(descriptor);
  return synced;
}

[[nodiscard]] int open_locked(const std::string& path, std::string& problem) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    problem = path + ": cannot be written: " + error_text();
    return -1;
  }
  struct stat file {};
  if (::fstat(descriptor, &file) != 0 || !S_ISREG(file.st_mode)) {
    problem = path + ": is a device or the like; name a file";
  } else if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    problem = path + ": another program writes to it; stop it, or name another file";
  } else {
    return descriptor;
  }
  (void)::close(descriptor);
  return -1;
}

/// The name that it now has; empty: it could not be renamed.
[[nodiscard]] std::string set_aside(const std::string& path) {
  for (int count = 1; count <= kMaxSetAside; ++count) {
    auto other = path + ".damaged." + std::to_string(count);
    std::error_code error;
    if (std::filesystem::exists(other, error)) { continue; }
    std::filesystem::rename(path, other, error);
    if (error) { return {}; }
    return other;
  }
  return {};
}

}  // namespace

EventFile::EventFile(int descriptor, std::string path, Format format)
    : descriptor_{descriptor}, path_{std::move(path)}, format_{format} {}

EventFile::EventFile(EventFile&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)},
      path_{std::move(other.path_)},
      format_{other.format_},
      written_bytes_{other.written_bytes_},
      pending_{std::move(other.pending_)},
      broken_{other.broken_} {}

EventFile& EventFile::operator=(EventFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  std::swap(format_, other.format_);
  std::swap(written_bytes_, other.written_bytes_);
  std::swap(pending_, other.pending_);
  std::swap(broken_, other.broken_);
  return *this;
}

EventFile::~EventFile() {
  if (descriptor_ >= 0) { (void)::close(descriptor_); }
}

tl::expected<EventFile, std::string> EventFile::open(std::string path, Format format,
                                                     std::string& notice) {
  path = std::filesystem::path{file_in(std::move(path), format)}.lexically_normal();
  std::string problem;
  EventFile file{open_locked(path, problem), path, format};
  if (!problem.empty()) { return tl::unexpected{problem}; }
  auto contents = examine(path, format);
  if (!contents.has_value()) { return tl::unexpected{contents.error()}; }
  if (contents->damaged) {
    const auto other = set_aside(path);
    if (other.empty()) {
      return tl::unexpected{path + ": damaged behind byte " +
                            std::to_string(contents->whole_bytes) +
                            ", and cannot be renamed; move it away"};
    }
    notice = path + ": damaged behind byte " + std::to_string(contents->whole_bytes) +
             "; it is now " + other + ", and a new file is begun";
    file = EventFile{open_locked(path, problem), path, format};
    if (!problem.empty()) { return tl::unexpected{problem}; }
    contents = Contents{};
  }
  const auto end = ::lseek(file.descriptor_, 0, SEEK_END);
  const auto torn = static_cast<std::uint64_t>(end) - contents->whole_bytes;
  if (end < 0 ||
      (torn > 0 && ::ftruncate(file.descriptor_, static_cast<off_t>(contents->whole_bytes)) != 0)) {
    return tl::unexpected{path + ": its torn end cannot be cut off: " + error_text()};
  }
  if (torn > 0) {
    notice = path + ": its last event was not whole; " + std::to_string(torn) +
             " bytes, never acknowledged, are cut off";
  }
  // What an earlier process wrote may not be durable yet, and clients will not send it again.
  if (::fsync(file.descriptor_) != 0 || !sync_folder_of(path)) {
    return tl::unexpected{path + ": cannot be made durable: " + error_text()};
  }
  file.written_bytes_ = contents->whole_bytes;
  return file;
}

bool EventFile::append(const v1::Event& event, std::string_view bytes) {
  if (format_ == Format::kProtobuf) {
    append_delimited(pending_, bytes);
    return true;
  }
  const auto line = outputs::json_line_of(event);
  if (!line.has_value()) { return false; }
  pending_ += *line;
  pending_ += '\n';
  return true;
}

tl::expected<void, std::string> EventFile::commit(bool sync) {
  std::string_view left = pending_;
  while (!left.empty()) {
    const auto written = ::write(descriptor_, left.data(), left.size());
    if (written < 0 && errno == EINTR) { continue; }
    if (written <= 0) { return fail("cannot be written: " + error_text() + "; make room"); }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (sync && ::fdatasync(descriptor_) != 0) {
    // The system may have forgotten which pages failed: asking again would say that all is well.
    broken_ = true;
    return fail("cannot be made durable: " + error_text() + "; look at its disk");
  }
  written_bytes_ += pending_.size();
  pending_.clear();
  if (pending_.capacity() > kKeptBytes) { pending_.shrink_to_fit(); }
  return {};
}

bool EventFile::stands_at_its_path() const {
  struct stat open {};
  struct stat there {};
  return ::fstat(descriptor_, &open) == 0 && ::stat(path_.c_str(), &there) == 0 &&
         open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

tl::expected<void, std::string> EventFile::fail(const std::string& what) {
  pending_.clear();
  if (::ftruncate(descriptor_, static_cast<off_t>(written_bytes_)) != 0) { broken_ = true; }
  return tl::unexpected{path_ + ": " + what};
}

}  // namespace remora::event_file
