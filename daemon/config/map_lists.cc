#include "daemon/config/map_node.h"

// Values of a mapping that are many.

namespace remora::config {
namespace {

YAML::Node mapping_of(std::string_view key, const YAML::Node& value) {
  YAML::Node mapping{YAML::NodeType::Map};
  mapping[std::string{key}] = value;
  return mapping;
}

}  // namespace

bool Map::is_list(std::string_view key) const {
  const YAML::Node& yaml = node_->yaml;
  return yaml.IsDefined() && yaml[std::string{key}].IsDefined() &&
         yaml[std::string{key}].IsSequence();
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

}  // namespace remora::config
