#include "dissect/drives/announcements.h"

#include <algorithm>

#include "dissect/encoding/text.h"
#include "dissect/encoding/utf16.h"

namespace remora::drives {
namespace {

constexpr std::uint32_t kFileSystem = 0x8;    // RDPDR_DTYP_FILESYSTEM, 2.2.1.3
constexpr std::size_t kPreferredDosName = 8;  // 2.2.1.3
constexpr std::size_t kMaxNameBytes = 520;    // LIMIT: of a name on the wire
constexpr std::uint32_t kUnicode = 0x1;       // UnicodeFlag, 2.2.2.4

/// SPEC: 2.2.3.1 wants the full name in Unicode; rdesktop and FreeRDP send it in 8 bits.
bool is_utf16(ByteView name) {
  return name.size() >= 4 && name.size() % 2 == 0 && to_u8(name[name.size() - 1]) == 0 &&
         to_u8(name[name.size() - 2]) == 0;
}

std::string read_name(ByteView name) {
  name = name.first(std::min(name.size(), kMaxNameBytes));
  return is_utf16(name) ? encoding::utf16le_to_utf8(name)
                        : encoding::to_utf8(encoding::up_to_nul(name));
}

Device read_device(Cursor& in) {
  Device device;
  device.is_drive = in.u32le("DeviceType") == kFileSystem;
  device.id = in.u32le("DeviceId");
  const auto dos_name = in.bytes(kPreferredDosName, "PreferredDosName");
  const auto size = in.u32le("DeviceDataLength");
  const auto data = in.bytes(size, "DeviceData");
  // Of other devices the data are no name.
  if (device.is_drive && !data.empty()) { device.name = read_name(data); }
  if (device.name.empty()) { device.name = encoding::to_utf8(encoding::up_to_nul(dos_name)); }
  return device;
}

}  // namespace

Header read_header(Cursor& in) {
  const auto component = in.u16le("Component");
  return {.component = component, .packet = static_cast<PacketId>(in.u16le("PacketId"))};
}

std::string read_client_name(Cursor& in) {
  const bool unicode = (in.u32le("UnicodeFlag") & kUnicode) != 0;
  in.skip(4, "CodePage");
  const auto size = in.u32le("ComputerNameLen");
  auto name = in.bytes(size, "ComputerName");
  name = name.first(std::min(name.size(), kMaxNameBytes));
  return unicode ? encoding::utf16le_to_utf8(name) : encoding::to_utf8(encoding::up_to_nul(name));
}

std::vector<Device> read_devices(Cursor& in) {
  std::vector<Device> devices;
  const auto count = std::min(in.u32le("DeviceCount"), kMaxDevices);
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) { devices.push_back(read_device(in)); }
  return devices;
}

std::vector<std::uint32_t> read_removed(Cursor& in) {
  std::vector<std::uint32_t> ids;
  const auto count = std::min(in.u32le("DeviceCount"), kMaxDevices);
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) { ids.push_back(in.u32le("DeviceIds")); }
  return ids;
}

}  // namespace remora::drives
