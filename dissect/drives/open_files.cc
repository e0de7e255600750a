#include "dissect/drives/open_files.h"

#include <algorithm>
#include <utility>

namespace remora::drives {

OpenFile* OpenFiles::find(std::uint32_t device, std::uint32_t id) {
  const auto known =
      std::ranges::find_if(open_, [&](const OpenFile& file) { return file.is(device, id); });
  return known == open_.end() ? nullptr : &*known;
}

OpenFile& OpenFiles::add(OpenFile file, const char* rule, const Telling& telling) {
  auto old = std::ranges::find_if(open_, [&](const OpenFile& one) { return one.has_id_of(file); });
  if (old == open_.end() && open_.size() >= kMaxOpen) {
    old = std::ranges::find_if(open_, [](const OpenFile& one) { return !one.moves(); });
    if (old == open_.end()) { old = open_.begin(); }
  }
  if (old != open_.end()) {
    // Its end was not seen.
    old->on_loss(true);
    old->cut_off(rule, telling);
    open_.erase(old);
  }
  return open_.emplace_back(std::move(file));
}

void OpenFiles::close(std::uint32_t device, std::uint32_t id, const Telling& telling) {
  const auto known =
      std::ranges::find_if(open_, [&](const OpenFile& file) { return file.is(device, id); });
  if (known == open_.end()) { return; }
  known->close(telling);
  open_.erase(known);
}

void OpenFiles::remove_device(std::uint32_t device, const char* rule, const Telling& telling) {
  for (auto& file : open_) {
    if (file.device() == device) { file.cut_off(rule, telling); }
  }
  std::erase_if(open_, [&](const OpenFile& file) { return file.device() == device; });
}

void OpenFiles::on_loss(bool by_server) {
  if (by_server) { sizes_.clear(); }
  for (auto& file : open_) { file.on_loss(by_server); }
}

void OpenFiles::note_size(const std::string& name, std::uint64_t size) {
  forget_size(name);
  if (sizes_.size() >= kMaxSizes) { sizes_.erase(sizes_.begin()); }
  sizes_.push_back({.name = name, .size = size});
}

void OpenFiles::forget_size(const std::string& name) {
  std::erase_if(sizes_, [&](const Size& known) { return known.name == name; });
}

std::optional<std::uint64_t> OpenFiles::size_of(const std::string& name) const {
  const auto known = std::ranges::find(sizes_, name, &Size::name);
  return known == sizes_.end() ? std::nullopt : std::optional{known->size};
}

}  // namespace remora::drives
