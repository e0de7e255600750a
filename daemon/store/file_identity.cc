#include "daemon/store/file_identity.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>

namespace remora::store {
namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kApplicationIdAt = 68;
constexpr std::size_t kHeaderBytes = 100;

struct Close {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};

}  // namespace

FileIdentity identify_file(const std::string& path) {
  const std::unique_ptr<std::FILE, Close> file{std::fopen(path.c_str(), "rbe")};
  if (file == nullptr) {
    return errno == ENOENT ? FileIdentity::kNothing : FileIdentity::kUnreadable;
  }
  std::array<char, kHeaderBytes> bytes{};
  const auto read = std::fread(bytes.data(), 1, bytes.size(), file.get());
  if (std::ferror(file.get()) != 0) { return FileIdentity::kUnreadable; }
  if (read == 0) { return FileIdentity::kNothing; }
  const std::string_view header{bytes.data(), read};
  if (read < kHeaderBytes || !header.starts_with(kMagic)) { return FileIdentity::kStranger; }
  std::uint32_t id = 0;
  for (const char byte : header.substr(kApplicationIdAt, 4)) {
    id = id << 8U | static_cast<unsigned char>(byte);
  }
  return id == kApplicationId ? FileIdentity::kStore : FileIdentity::kStranger;
}

}  // namespace remora::store
