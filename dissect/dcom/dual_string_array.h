#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/cursor.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::dcom {

/// A STRINGBINDING, [MS-DCOM] 2.2.19.3: where a machine can be reached.
struct StringBinding {
  /// wTowerId, [C706] appendix I; any value may occur.
  enum class Tower : std::uint16_t { kTcp = 7, kUdp = 8, kNamedPipe = 15, kHttp = 31 };
  Tower tower{};
  std::string host{};                  ///< NetBIOS name, FQDN or address; UTF-8
  std::string endpoint{};              ///< what stood in brackets; empty for an object resolver
  std::optional<IpAddress> address{};  ///< of `host`, where it is one
  std::optional<Port> port{};          ///< of `endpoint`, where it is one
  bool operator==(const StringBinding&) const = default;
};

/// LIMIT: bindings of one array that are kept; a machine has few names and addresses.
inline constexpr std::size_t kMaxBindings = 64;

/// The string bindings of a DUALSTRINGARRAY as a packet has it, 2.2.19.1; little-endian. What else
/// `in` holds is left unread: the array's own count says where it ends.
[[nodiscard]] std::vector<StringBinding> read_dual_string_array(Cursor& in);

/// The same as NDR has it, 2.2.19.2: a conformant structure, its maximum count before it.
[[nodiscard]] std::vector<StringBinding> read_dual_string_array(ndr::NdrReader& in);

}  // namespace remora::dcom
