#include "daemon/siem/paths.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <utility>

namespace remora::siem {
namespace {

/// The first step of `path`, and what is left of it.
std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const auto dot = path.find('.');
  if (dot == std::string_view::npos) { return {path, {}}; }
  return {path.substr(0, dot), path.substr(dot + 1)};
}

bool is_place(std::string_view step) {
  return !step.empty() && std::ranges::all_of(step, [](char c) { return c >= '0' && c <= '9'; });
}

std::size_t to_place(std::string_view step) {
  std::size_t place = 0;
  std::from_chars(step.data(), step.data() + step.size(), place);
  return place;
}

}  // namespace

const Json* find(const Json& tree, std::string_view path) {
  const auto* at = &tree;
  while (!path.empty()) {
    const auto [step, rest] = split(path);
    if (at->is_object()) {
      const auto member = at->find(std::string{step});
      if (member == at->end()) { return nullptr; }
      at = &*member;
    } else if (at->is_array() && is_place(step) && to_place(step) < at->size()) {
      at = &(*at)[to_place(step)];
    } else {
      return nullptr;
    }
    path = rest;
  }
  return at;
}

bool put(Json& tree, std::string_view path, Json value) {
  auto* at = &tree;
  while (!path.empty()) {
    const auto [step, rest] = split(path);
    if (is_place(step)) {
      if (at->is_null()) { *at = Json::array(); }
      if (!at->is_array() || to_place(step) > at->size()) { return false; }
      if (to_place(step) == at->size()) { at->push_back(nullptr); }
      at = &(*at)[to_place(step)];
    } else {
      if (!at->is_null() && !at->is_object()) { return false; }
      at = &(*at)[std::string{step}];
    }
    path = rest;
  }
  if (!at->is_null()) { return false; }
  *at = std::move(value);
  return true;
}

void erase(Json& tree, std::string_view path) {
  const auto [step, rest] = split(path);
  if (tree.is_object()) {
    const auto member = tree.find(std::string{step});
    if (member == tree.end()) { return; }
    if (!rest.empty()) { erase(*member, rest); }
    if (rest.empty() || member->empty()) { tree.erase(member); }
  } else if (tree.is_array() && is_place(step) && to_place(step) < tree.size()) {
    auto& element = tree[to_place(step)];
    if (!rest.empty()) { erase(element, rest); }
    if (rest.empty() || element.empty()) { tree.erase(to_place(step)); }
  }
}

}  // namespace remora::siem
