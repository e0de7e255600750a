#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/cursor.h"

namespace remora::names {

/// Option 53, RFC 2132 9.6. Any value may occur; 0 where the option is missing (BOOTP).
enum class DhcpType : std::uint8_t {
  kNone = 0,
  kDiscover = 1,
  kRequest = 3,
  kDecline = 4,
  kAck = 5,
  kRelease = 7,
  kInform = 8,
};

/// A DHCP message, RFC 2131 2, with the options that say who is where. Big-endian.
struct Dhcp4Message {
  std::uint8_t op{0};               ///< 1 from a client, 2 from a server
  DhcpType type{};                  ///< option 53
  IpAddress client;                 ///< ciaddr
  IpAddress yours;                  ///< yiaddr
  std::string hardware;             ///< chaddr in hex; empty where it is all zeros
  std::string identifier;           ///< option 61 in hex; empty where it only repeats chaddr
  std::optional<IpAddress> wanted;  ///< option 50
  std::optional<std::chrono::seconds> lease;  ///< option 51; absent also where it never ends
  std::vector<std::string> names;             ///< options 12 (with 15 behind it, see below) and 81

  /// By what the client is known: its identifier, else its hardware address. Not every server
  /// repeats the identifier (RFC 6842), so that a request may be joined by either.
  [[nodiscard]] std::vector<std::string> holders() const;
};

inline constexpr std::size_t kDhcp4FixedBytes = 236;
inline constexpr std::uint32_t kDhcp4Cookie = 0x63825363;

/// Reads options where they are continued too: in `file` and `sname` (option 52), and long ones in
/// parts (RFC 3396). A server's host name without a dot is told a second time with the domain that
/// the same message gives (RFC 2132 3.14 and 3.17).
[[nodiscard]] Dhcp4Message read_dhcp4_message(Cursor& in);

}  // namespace remora::names
