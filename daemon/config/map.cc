#include "daemon/config/map.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <utility>

#include "daemon/config/map_node.h"
#include "daemon/config/nearest.h"
#include "daemon/config/quantity.h"

namespace remora::config {
namespace {

/// LIMIT: a configuration of more than 1 MiB is none.
constexpr std::size_t kMaxFileBytes = 1U << 20U;

}  // namespace

Map::Map(std::unique_ptr<Node> node) : node_{std::move(node)} {}
Map::Map(Map&&) noexcept = default;
Map& Map::operator=(Map&&) noexcept = default;
Map::~Map() = default;

Map Map::read_file(const std::string& file, Problems& problems) {
  return read_text(text_of_file(file, problems), file, problems);
}

std::string Map::text_of_file(const std::string& file, Problems& problems) {
  struct stat facts {};
  // A pipe would be waited for.
  if (::stat(file.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode)) {
    problems.push_back(file + ": is a folder, a pipe or the like; name a file");
    return {};
  }
  std::ifstream in{file, std::ios::binary};
  if (!in) {
    problems.push_back(file + ": cannot be read: " + std::strerror(errno));
    return {};
  }
  std::string text(kMaxFileBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) {
    problems.push_back(file + ": cannot be read to its end");
    text.clear();
  }
  if (text.size() > kMaxFileBytes) {
    problems.push_back(file + ": is larger than 1 MiB, which no configuration is");
    text.clear();
  }
  return text;
}

Map Map::read_text(const std::string& text, std::string name, Problems& problems) {
  auto node = std::make_unique<Node>();
  node->file = std::move(name);
  node->line = 1;
  node->problems = &problems;
  node->yaml = YAML::Node{YAML::NodeType::Undefined};
  try {
    auto yaml = YAML::Load(text);
    if (yaml.IsMap()) {
      node->yaml = yaml;
    } else if (!yaml.IsNull()) {
      node->tell(1, "is not a mapping; write KEY: VALUE lines");
    }
  } catch (const YAML::Exception& error) {
    node->tell(error.mark.line + 1, "is not YAML: " + error.msg);
  }
  return Map{std::move(node)};
}

bool Map::has(std::string_view key) const {
  const YAML::Node& yaml = node_->yaml;
  if (!yaml.IsDefined()) { return false; }
  const auto found = yaml[std::string{key}];
  return found.IsDefined() && !found.IsNull();
}

std::string Map::text(std::string_view key, std::string fallback) {
  auto found = node_->scalar(key);
  return found.has_value() ? std::move(*found) : std::move(fallback);
}

std::string Map::required(std::string_view key) {
  if (!has(key)) {
    (void)node_->value(key);
    node_->tell(node_->line, node_->place_of(key) + ": is missing");
    return {};
  }
  auto found = text(key);
  if (found.empty()) { complain(key, "is empty"); }
  return found;
}

bool Map::flag(std::string_view key, bool fallback) {
  const auto found = node_->scalar(key);
  if (!found.has_value()) { return fallback; }
  if (*found == "true") { return true; }
  if (*found != "false") { complain(key, "true or false is wanted"); }
  return *found == "false" ? false : fallback;
}

std::uint64_t Map::number(std::string_view key, std::uint64_t fallback, std::uint64_t least,
                          std::uint64_t most) {
  const auto found = node_->scalar(key);
  if (!found.has_value()) { return fallback; }
  const auto value = to_number(*found);
  if (value.has_value() && *value >= least && *value <= most) { return *value; }
  complain(key, "a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                    " is wanted");
  return fallback;
}

std::chrono::milliseconds Map::duration(std::string_view key, std::chrono::milliseconds fallback) {
  const auto found = node_->scalar(key);
  if (!found.has_value()) { return fallback; }
  const auto value = to_duration(*found);
  if (value.has_value()) { return *value; }
  complain(key, "a time with its unit is wanted, such as 500ms, 30s, 5m, 12h or 7d");
  return fallback;
}

std::chrono::milliseconds Map::duration(std::string_view key, std::chrono::milliseconds fallback,
                                        std::chrono::milliseconds least,
                                        std::chrono::milliseconds most) {
  const auto value = duration(key, fallback);
  if (value >= least && value <= most) { return value; }
  complain(key, "a time from " + to_text(least) + " to " + to_text(most) + " is wanted");
  return fallback;
}

std::uint64_t Map::bytes(std::string_view key, std::uint64_t fallback, std::uint64_t least,
                         std::uint64_t most) {
  const auto value = bytes(key, fallback);
  if (value >= least && value <= most) { return value; }
  complain(key,
           "a size from " + bytes_to_text(least) + " to " + bytes_to_text(most) + " is wanted");
  return fallback;
}

std::uint64_t Map::bytes(std::string_view key, std::uint64_t fallback) {
  const auto found = node_->scalar(key);
  if (!found.has_value()) { return fallback; }
  const auto value = to_bytes(*found);
  if (value.has_value()) { return *value; }
  complain(key, "a size is wanted, such as 4096, 64KiB, 1MiB or 2GiB");
  return fallback;
}

std::optional<std::string> Map::one_of(std::string_view key,
                                       const std::vector<std::string>& words) {
  auto found = node_->scalar(key);
  if (!found.has_value()) { return std::nullopt; }
  std::string known;
  for (const auto& word : words) {
    if (word == *found) { return found; }
    known += (known.empty() ? "" : ", ") + word;
  }
  complain(key, "one of these is wanted: " + known);
  return std::nullopt;
}

Map Map::map(std::string_view key) {
  return Map{node_->make_inner(node_->value(key), node_->place_of(key), node_->line_of(key))};
}

void Map::complain(std::string_view key, const std::string& what) {
  complain_at(node_->line_of(key), key, what);
}

void Map::complain_at(int line, std::string_view key, const std::string& what) {
  node_->tell(line, node_->place_of(key) + ": " + what);
}

void Map::record(std::set<std::string>& asked) {
  node_->record = &asked;
}

void Map::done() {
  if (!node_->yaml.IsDefined()) { return; }
  std::set<std::string> seen;
  for (const auto& entry : node_->yaml) {
    const auto at = entry.first.Mark().line + 1;
    if (!entry.first.IsScalar()) {
      node_->tell(at, "a key is wanted, not a list or map");
      continue;
    }
    const auto& key = entry.first.Scalar();
    if (!seen.insert(key).second) {
      node_->tell(at, node_->place_of(key) + ": stands there twice");
    }
    if (node_->asked.contains(key)) { continue; }
    const auto near = nearest(key, node_->asked);
    node_->tell(at, node_->place_of(key) + ": is not known" +
                        (near.empty() ? "" : "; did you mean " + near + '?'));
  }
}

}  // namespace remora::config
