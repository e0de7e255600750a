#include "daemon/config/map.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <utility>
#include <yaml-cpp/yaml.h>

#include "daemon/config/environment.h"
#include "daemon/config/nearest.h"
#include "daemon/config/quantity.h"

namespace remora::config {
namespace {

/// LIMIT: a configuration of more than 1 MiB is none.
constexpr std::size_t kMaxFileBytes = 1U << 20U;

YAML::Node mapping_of(std::string_view key, const YAML::Node& value) {
  YAML::Node mapping{YAML::NodeType::Map};
  mapping[std::string{key}] = value;
  return mapping;
}

}  // namespace

struct Map::Node {
  YAML::Node yaml;  ///< a mapping, or undefined
  std::string file;
  int line{0};       ///< 1-based; of the mapping
  std::string path;  ///< "outputs[0].batch"; empty for the outermost
  Problems* problems{nullptr};
  std::set<std::string, std::less<>> asked;
  std::set<std::string>* record{nullptr};  ///< null: nobody wants to know

  /// What stands under a key of this one.
  [[nodiscard]] std::unique_ptr<Node> make_inner(const YAML::Node& inner, std::string inner_path,
                                                 int inner_line) const {
    auto node = std::make_unique<Node>();
    node->yaml = inner;
    node->file = file;
    node->line = inner_line;
    node->path = std::move(inner_path);
    node->problems = problems;
    node->record = record;
    if (inner.IsDefined() && !inner.IsMap()) {
      node->tell(inner_line, node->path + ": a mapping is wanted");
      node->yaml = YAML::Node{YAML::NodeType::Undefined};
    }
    return node;
  }
  void note(std::string_view key) {
    asked.emplace(key);
    if (record == nullptr) { return; }
    std::string place;
    bool index = false;
    for (const char c : place_of(key)) {
      if (c == '[') { index = true; }
      if (!index) { place += c; }
      if (c == ']') { index = false; }
    }
    record->insert(std::move(place));
  }
  [[nodiscard]] std::string place_of(std::string_view key) const {
    return path.empty() ? std::string{key} : path + '.' + std::string{key};
  }
  void tell(int at, const std::string& what) const {
    problems->push_back(file + ':' + std::to_string(at) + ": " + what);
  }
  /// The value under `key`; undefined where there is none or it is empty.
  [[nodiscard]] YAML::Node value(std::string_view key) {
    note(key);
    if (!yaml.IsDefined()) { return YAML::Node{YAML::NodeType::Undefined}; }
    // A const node: otherwise asking would make the key.
    const YAML::Node& looked_at = yaml;
    const auto found = looked_at[std::string{key}];
    return found.IsDefined() && !found.IsNull() ? YAML::Node{found}
                                                : YAML::Node{YAML::NodeType::Undefined};
  }
  /// The text as it stands in the file.
  [[nodiscard]] std::optional<std::string> raw(std::string_view key) {
    const auto found = value(key);
    if (!found.IsDefined()) { return std::nullopt; }
    if (!found.IsScalar()) {
      tell(found.Mark().line + 1, place_of(key) + ": one value is wanted here, not a list or map");
      return std::nullopt;
    }
    return found.Scalar();
  }
  /// The same with the environment's variables in it.
  [[nodiscard]] std::optional<std::string> scalar(std::string_view key) {
    const auto found = raw(key);
    return found.has_value() ? substitute(line_of(key), key, *found) : std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> substitute(int at, std::string_view key,
                                                      const std::string& text) const {
    auto whole = with_environment(text);
    if (!whole.has_value()) {
      tell(at, place_of(key) + ": " + whole.error());
      return std::nullopt;
    }
    return std::move(*whole);
  }
  [[nodiscard]] int line_of(std::string_view key) {
    const auto found = value(key);
    return found.IsDefined() ? found.Mark().line + 1 : line;
  }
};

Map::Map(std::unique_ptr<Node> node) : node_{std::move(node)} {}
Map::Map(Map&&) noexcept = default;
Map& Map::operator=(Map&&) noexcept = default;
Map::~Map() = default;

Map Map::read_file(const std::string& file, Problems& problems) {
  struct stat facts {};
  // A pipe would be waited for.
  if (::stat(file.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode)) {
    problems.push_back(file + ": is a folder, a pipe or the like; name a file");
    return read_text({}, file, problems);
  }
  std::ifstream in{file, std::ios::binary};
  if (!in) {
    problems.push_back(file + ": cannot be read: " + std::strerror(errno));
    return read_text({}, file, problems);
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
  return read_text(text, file, problems);
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

bool Map::is_list(std::string_view key) const {
  const YAML::Node& yaml = node_->yaml;
  return yaml.IsDefined() && yaml[std::string{key}].IsDefined() &&
         yaml[std::string{key}].IsSequence();
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

std::vector<Map::Element> Map::elements(std::string_view key) {
  const auto found = node_->value(key);
  std::vector<Element> all;
  if (!found.IsDefined()) { return all; }
  const auto add = [&](const YAML::Node& element) {
    const int line = element.Mark().line + 1;
    if (!element.IsScalar()) {
      complain_at(line, key, "a list of texts is wanted");
      return;
    }
    auto whole = node_->substitute(line, key, element.Scalar());
    if (whole.has_value()) { all.push_back({.key = {}, .text = std::move(*whole), .line = line}); }
  };
  if (found.IsScalar()) {
    add(found);
  } else if (found.IsSequence()) {
    for (const auto& element : found) { add(element); }
  } else {
    complain(key, "a list is wanted");
  }
  return all;
}

std::vector<Map::Element> Map::entries() {
  std::vector<Element> all;
  if (!node_->yaml.IsDefined()) { return all; }
  // Not asked for one by one: each question looks through the whole mapping.
  for (const auto& entry : node_->yaml) {
    if (!entry.first.IsScalar()) { continue; }  // told by `done`
    const auto& key = entry.first.Scalar();
    const int line = entry.first.Mark().line + 1;
    node_->note(key);
    if (!entry.second.IsScalar() && !entry.second.IsNull()) {
      complain_at(line, key, "one value is wanted here, not a list or map");
      continue;
    }
    auto whole = node_->substitute(line, key, entry.second.IsNull() ? "" : entry.second.Scalar());
    if (whole.has_value()) { all.push_back({.key = key, .text = std::move(*whole), .line = line}); }
  }
  return all;
}

std::vector<std::string> Map::texts(std::string_view key) {
  return list(key,
              [](const std::string& text) { return tl::expected<std::string, std::string>{text}; });
}

Map Map::map(std::string_view key) {
  return Map{node_->make_inner(node_->value(key), node_->place_of(key), node_->line_of(key))};
}

std::vector<Map> Map::maps(std::string_view key, std::string_view alone) {
  std::vector<Map> all;
  const auto found = node_->value(key);
  if (!found.IsDefined()) { return all; }
  const auto add = [&](const YAML::Node& element) {
    const int line = element.Mark().line + 1;
    auto path = node_->place_of(key) + '[' + std::to_string(all.size()) + ']';
    const bool is_alone = element.IsScalar() && !alone.empty();
    all.push_back(Map{
        node_->make_inner(is_alone ? mapping_of(alone, element) : element, std::move(path), line)});
  };
  if (found.IsSequence()) {
    for (const auto& element : found) { add(element); }
  } else if (found.IsScalar() && !alone.empty()) {
    add(found);
  } else {
    complain(key, "a list is wanted; begin each element with a dash");
  }
  return all;
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
