#include "dissect/drives/devices.h"

#include <algorithm>
#include <utility>

namespace remora::drives {

void Devices::add(std::vector<Device> devices) {
  for (auto& device : devices) {
    remove(device.id);
    if (lent_.size() >= kMaxLent) { lent_.erase(lent_.begin()); }
    lent_.push_back(std::move(device));
  }
}

void Devices::remove(std::uint32_t id) {
  std::erase_if(lent_, [&](const Device& device) { return device.id == id; });
}

void Devices::note_drive(std::uint32_t id) {
  if (find(id) == nullptr) { add({{.id = id, .is_drive = true, .name = {}}}); }
}

const Device* Devices::find(std::uint32_t id) const {
  const auto known = std::ranges::find(lent_, id, &Device::id);
  return known == lent_.end() ? nullptr : &*known;
}

bool Devices::may_be_drive(std::uint32_t id) const {
  const auto* device = find(id);
  return device == nullptr || device->is_drive;
}

bool Devices::is_drive(std::uint32_t id) const {
  const auto* device = find(id);
  return device != nullptr && device->is_drive;
}

std::string Devices::full_name(std::uint32_t id, std::string_view path) const {
  const auto* device = find(id);
  std::string name = device == nullptr ? std::string{} : device->name;
  if (!name.empty() && !path.empty() && !path.starts_with('\\') && !path.starts_with('/')) {
    name += '\\';
  }
  return name.append(path);
}

}  // namespace remora::drives
