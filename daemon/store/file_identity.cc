#include "daemon/store/file_identity.h"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/sqlite/database.h"

namespace remora::store {
namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kApplicationIdAt = 68;
constexpr std::size_t kHeaderBytes = 100;

[[nodiscard]] FileIdentity identify(std::string_view header) {
  if (header.empty()) { return FileIdentity::kNothing; }
  if (header.size() < kHeaderBytes || !header.starts_with(kMagic)) {
    return FileIdentity::kStranger;
  }
  std::uint32_t id = 0;
  for (const char byte : header.substr(kApplicationIdAt, 4)) {
    id = id << 8U | static_cast<unsigned char>(byte);
  }
  return id == kApplicationId ? FileIdentity::kStore : FileIdentity::kStranger;
}

}  // namespace

tl::expected<FileIdentity, std::string> identify_file(const std::string& path) {
  struct stat facts {};
  const bool there = ::stat(path.c_str(), &facts) == 0;
  if (!there && errno == ENOENT) { return FileIdentity::kNothing; }
  // To open a pipe would wait for somebody who writes into it.
  if (there && !S_ISREG(facts.st_mode)) {
    return tl::unexpected{path + ": is a folder, a pipe or the like; name a file"};
  }
  if (!there || ::access(path.c_str(), R_OK) != 0) {
    return tl::unexpected{path + ": cannot be read: " + std::strerror(errno)};
  }
  auto database = sqlite::Database::open(path, {.read_only = true});
  if (!database.has_value()) { return tl::unexpected{database.error().text}; }
  const auto header = database->head(kHeaderBytes);
  if (!header.has_value()) { return tl::unexpected{header.error().text}; }
  return identify(*header);
}

}  // namespace remora::store
