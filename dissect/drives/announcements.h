#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "capture/base/cursor.h"

namespace remora::drives {

/// PacketId of RDPDR_HEADER, [MS-RDPEFS] 2.2.1.1: those that are read.
enum class PacketId : std::uint16_t {
  kClientName = 0x434e,
  kDeviceListAnnounce = 0x4441,
  kDeviceListRemove = 0x444d,
  kIoRequest = 0x4952,
  kIoCompletion = 0x4943,
};

/// RDPDR_HEADER, 2.2.1.1.
struct Header {
  std::uint16_t component;
  PacketId packet;
};
inline constexpr std::uint16_t kCore = 0x4472;  ///< RDPDR_CTYP_CORE; the other is for printers

/// A device that the client lends, 2.2.1.3.
struct Device {
  std::uint32_t id{0};
  bool is_drive{false};  ///< RDPDR_DTYP_FILESYSTEM
  std::string name;      ///< "C:", "USB"; UTF-8
};

/// LIMIT: devices of one list.
inline constexpr std::uint32_t kMaxDevices = 64;

[[nodiscard]] Header read_header(Cursor& in);

// What follows the header.

/// 2.2.2.4: what the client's machine is called; UTF-8.
[[nodiscard]] std::string read_client_name(Cursor& in);
/// 2.2.2.9 and 2.2.3.1.
[[nodiscard]] std::vector<Device> read_devices(Cursor& in);
/// 2.2.3.2: their ids.
[[nodiscard]] std::vector<std::uint32_t> read_removed(Cursor& in);

}  // namespace remora::drives
