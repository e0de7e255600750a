#pragma once

#include <cstdint>

#include "capture/base/cursor.h"

namespace remora::tls {

/// ExtensionType, RFC 8446 4.2 and the IANA registry. Any value may occur.
enum class ExtensionType : std::uint16_t {
  kServerName = 0,
  kSupportedGroups = 10,
  kEcPointFormats = 11,
  kSignatureAlgorithms = 13,
  kAlpn = 16,
  kEncryptThenMac = 22,
  kExtendedMasterSecret = 23,
  kSupportedVersions = 43,
};

/// Calls `visit(type, body)` for each extension of a hello. `body` is borrowed from the input.
template <typename Visit>
void for_each_extension(Cursor& in, Visit visit) {
  auto list = in.sub(in.u16be("extensions length"), "extensions");
  while (list.ok() && !list.at_end()) {
    const ExtensionType type{list.u16be("extension_type")};
    const auto body = list.bytes(list.u16be("extension_data length"), "extension_data");
    if (list.ok()) { visit(type, body); }
  }
}

}  // namespace remora::tls
