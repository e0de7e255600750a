#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/cursor.h"

namespace remora::names {

/// msg-type, RFC 8415 7.3. Any value may occur.
enum class Dhcp6Type : std::uint8_t {
  kSolicit = 1,
  kRequest = 3,
  kRenew = 5,
  kRebind = 6,
  kReply = 7,
  kRelease = 8,
  kDecline = 9,
  kRelayForward = 12,
  kRelayReply = 13,
};

/// OPTION_IAADDR, RFC 8415 21.6.
struct Dhcp6Address {
  IpAddress address;
  std::chrono::seconds valid{0};  ///< valid-lifetime; 0 ends it
  bool for_ever{false};           ///< valid-lifetime ffffffff
};

/// A client/server message, RFC 8415 8, with the options that say who is where. Big-endian.
struct Dhcp6Message {
  Dhcp6Type type{};
  std::string client;                   ///< DUID of the client in hex; empty where it is missing
  std::vector<Dhcp6Address> addresses;  ///< of IA_NA and IA_TA that the server did not refuse
  std::string fqdn;                     ///< option 39, RFC 4704; a host name or empty
};

/// A message from a relay is read through to what it carries (9.1).
///
/// LIMIT: 4 relays, 16 addresses.
[[nodiscard]] Dhcp6Message read_dhcp6_message(Cursor& in);

}  // namespace remora::names
