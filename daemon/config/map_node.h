#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <yaml-cpp/yaml.h>

#include "daemon/config/environment.h"
#include "daemon/config/map.h"

// Of this room alone: keeps yaml-cpp out of everybody else's sight.

namespace remora::config {

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

}  // namespace remora::config
