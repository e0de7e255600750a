#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace remora::outputs {

/// Where an output's bytes go: a file, or the standard output. Remembers the first failure.
class ByteSink {
 public:
  /// `path` empty: the standard output. Fails with a text that says which file and why.
  [[nodiscard]] static tl::expected<ByteSink, std::string> open(const std::string& path);

  void write(std::string_view bytes);
  void flush();
  /// Why writing failed; empty while it has not.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const;
  };
  ByteSink(std::FILE* file, std::string name) : file_{file}, name_{std::move(name)} {}
  void note_failure();
  std::unique_ptr<std::FILE, Close> file_;
  std::string name_;
  std::string failure_;
};

}  // namespace remora::outputs
