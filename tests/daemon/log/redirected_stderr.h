#pragma once

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "tests/support/scratch_folder.h"

namespace remora::log {

/// Standard error is a file as long as this lives.
class RedirectedStderr {
 public:
  RedirectedStderr() : before_{::dup(STDERR_FILENO)} {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    (void)::dup2(file, STDERR_FILENO);
    (void)::close(file);
  }
  RedirectedStderr(const RedirectedStderr&) = delete;
  RedirectedStderr& operator=(const RedirectedStderr&) = delete;
  RedirectedStderr(RedirectedStderr&&) = delete;
  RedirectedStderr& operator=(RedirectedStderr&&) = delete;
  ~RedirectedStderr() {
    (void)::dup2(before_, STDERR_FILENO);
    (void)::close(before_);
  }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::ifstream in{path_};
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);) { all.push_back(line); }
    return all;
  }

  /// As systemd writes it into JOURNAL_STREAM.
  [[nodiscard]] static std::string stream() {
    struct stat is {};
    (void)::fstat(STDERR_FILENO, &is);
    return std::to_string(is.st_dev) + ':' + std::to_string(is.st_ino);
  }

 private:
  testing::ScratchFolder folder_;
  std::filesystem::path path_{folder_.path() / "stderr"};
  int before_;
};

}  // namespace remora::log
