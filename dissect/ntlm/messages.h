#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

/// NTLM messages, [MS-NLMP] 2.2.1. Little-endian. Names only: responses, challenges, keys and
/// hashes are passed over and have no field here.
namespace remora::ntlm {

/// NegotiateFlags, [MS-NLMP] 2.2.2.5, as far as they matter for names.
class NegotiateFlags {
 public:
  static constexpr std::uint32_t kUnicode = 0x00000001;
  static constexpr std::uint32_t kAnonymous = 0x00000800;
  static constexpr std::uint32_t kDomainSupplied = 0x00001000;
  static constexpr std::uint32_t kWorkstationSupplied = 0x00002000;
  static constexpr std::uint32_t kTargetTypeDomain = 0x00010000;
  static constexpr std::uint32_t kTargetTypeServer = 0x00020000;
  static constexpr std::uint32_t kTargetInfo = 0x00800000;
  static constexpr std::uint32_t kVersion = 0x02000000;

  NegotiateFlags() = default;
  explicit NegotiateFlags(std::uint32_t raw) : raw_{raw} {}
  [[nodiscard]] bool has(std::uint32_t flag) const { return (raw_ & flag) != 0; }
  [[nodiscard]] std::uint32_t raw() const { return raw_; }
  bool operator==(const NegotiateFlags&) const = default;

 private:
  std::uint32_t raw_{0};
};

/// VERSION, [MS-NLMP] 2.2.2.10: the build of the sender's Windows.
struct Version {
  std::uint8_t major{0};
  std::uint8_t minor{0};
  std::uint16_t build{0};
  bool operator==(const Version&) const = default;
};

/// The AV_PAIRs of a TargetInfo, [MS-NLMP] 2.2.2.1, that name machines. UTF-8; empty when absent.
struct TargetInfo {
  std::string nb_computer_name;
  std::string nb_domain_name;
  std::string dns_computer_name;
  std::string dns_domain_name;
  std::string dns_tree_name;
  std::string target_name;  ///< the service the client dialled: "cifs/srv.corp.example"
  std::optional<std::uint32_t> flags{};
  std::optional<std::uint64_t> timestamp{};  ///< FILETIME of the server's clock
  bool operator==(const TargetInfo&) const = default;
};

/// NEGOTIATE_MESSAGE, 2.2.1.1. Its names are OEM text, mostly absent.
struct Negotiate {
  NegotiateFlags flags;
  std::string domain;
  std::string workstation;
  std::optional<Version> version{};
};

/// CHALLENGE_MESSAGE, 2.2.1.2: the server's own names.
struct Challenge {
  NegotiateFlags flags;
  std::string target_name;  ///< domain or server, by the TARGET_TYPE flags
  TargetInfo target_info;
  std::optional<Version> version{};
};

/// AUTHENTICATE_MESSAGE, 2.2.1.3: who the client says it is.
struct Authenticate {
  NegotiateFlags flags;
  std::string domain;
  std::string user;
  std::string workstation;
  /// Of an NTLMv2 response, 2.2.2.7: the server's pairs again, and what the client adds.
  TargetInfo target_info;
  bool anonymous{false};  ///< 3.2.5.1.2: no user and no response
  std::optional<Version> version{};
};

using Message = std::variant<Negotiate, Challenge, Authenticate>;

/// LIMIT: bytes of one name, and pairs of one TargetInfo; what is beyond is passed over.
inline constexpr std::size_t kMaxNameBytes = 1024;
inline constexpr std::size_t kMaxPairs = 32;

/// Whether the bytes begin as an NTLM message does: "NTLMSSP\0".
[[nodiscard]] bool is_ntlm(ByteView bytes);

/// A whole message. Fails where its fixed part cannot be read; a name whose place lies outside the
/// message is absent.
[[nodiscard]] Message read_message(Cursor& in);

/// AV_PAIRs up to MsvAvEOL or the end of the bytes; a pair that is cut short ends the list.
[[nodiscard]] TargetInfo read_target_info(ByteView bytes);

}  // namespace remora::ntlm
