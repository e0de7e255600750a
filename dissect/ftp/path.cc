#include "dissect/ftp/path.h"

#include <algorithm>

#include "dissect/encoding/text.h"

namespace remora::ftp {
namespace {

/// LIMIT: of a file's name.
constexpr std::size_t kMaxNameBytes = 255;

void step(std::string& path, std::string_view part) {
  if (part.empty() || part == ".") { return; }
  if (part != "..") {
    path += '/';
    path += part;
    return;
  }
  const auto slash = path.rfind('/');
  if (slash != std::string::npos) { path.resize(slash); }
}

void walk(std::string& path, std::string_view parts) {
  while (!parts.empty()) {
    const auto slash = std::min(parts.find('/'), parts.size());
    step(path, parts.substr(0, slash));
    parts.remove_prefix(std::min(slash + 1, parts.size()));
  }
}

}  // namespace

std::string resolve(std::string_view folder, std::string_view path) {
  if (folder.size() + path.size() > kMaxPathBytes) { return {}; }
  std::string resolved;
  if (!path.starts_with('/')) {
    if (folder.starts_with(kHome)) {
      resolved = kHome;
      folder.remove_prefix(kHome.size());
    }
    walk(resolved, folder);
  }
  walk(resolved, path);
  return resolved.empty() ? "/" : resolved;
}

std::string file_name_of(std::string_view path) {
  path.remove_prefix(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
  return path.size() > kMaxNameBytes ? std::string{} : encoding::to_utf8(as_bytes(path));
}

}  // namespace remora::ftp
