#include "daemon/outputs/byte_sink.h"

#include <cerrno>
#include <cstring>
#include <utility>

namespace remora::outputs {

void ByteSink::Close::operator()(std::FILE* file) const {
  if (file != stdout) { (void)std::fclose(file); }
}

tl::expected<ByteSink, std::string> ByteSink::open(const std::string& path) {
  if (path.empty() || path == "-") { return ByteSink{stdout, "standard output"}; }
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    return tl::unexpected{path + ": cannot be written: " + std::strerror(errno)};
  }
  return ByteSink{file, path};
}

void ByteSink::write(std::string_view bytes) {
  if (!failure_.empty()) { return; }
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) { note_failure(); }
}

void ByteSink::flush() {
  if (failure_.empty() && std::fflush(file_.get()) != 0) { note_failure(); }
}

void ByteSink::note_failure() {
  failure_ = name_ + ": cannot be written: " + std::strerror(errno);
}

}  // namespace remora::outputs
