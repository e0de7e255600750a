#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::names {

/// A NetBIOS name: fifteen characters without the spaces they were filled up with, and the suffix
/// that says what kind of service bears it ([MS-NBTE] 1.8).
struct NetBiosName {
  std::string text;
  std::uint8_t suffix{0};

  /// Whether it can be a machine's: suffix 00 (workstation) or 20 (file server), and no name that
  /// IIS gives itself. Groups have the same suffixes and are told apart by their flags.
  [[nodiscard]] bool is_of_host() const;
};

/// First-level encoding, RFC 1001 14.1: the first label of `domain_name` holds two letters for each
/// of 16 bytes; a scope may follow. Empty when it does not.
[[nodiscard]] std::optional<NetBiosName> to_netbios_name(std::string_view domain_name);

/// ADDR_ENTRY of an NB record, RFC 1002 4.2.1.3.
struct NetBiosAddress {
  bool is_group{false};
  IpAddress address;
};

/// All entries of an NB record's data.
[[nodiscard]] std::vector<NetBiosAddress> read_netbios_addresses(Cursor& in);

/// NODE_NAME entries of a node status response, RFC 1002 4.2.18: those that are of one machine,
/// active, and neither in conflict nor about to be given up.
[[nodiscard]] std::vector<NetBiosName> read_node_names(Cursor& in);

}  // namespace remora::names
