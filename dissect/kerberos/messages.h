#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

/// Kerberos messages, RFC 4120 5, in DER: the names that stand in clear. Tickets, authenticators
/// and pre-authentication are passed over and have no field here.
namespace remora::kerberos {

/// Application tag, RFC 4120 5.10, and msg-type: the same number.
enum class MessageType : std::uint8_t {
  kAsReq = 10,
  kAsRep = 11,
  kTgsReq = 12,
  kTgsRep = 13,
  kApReq = 14,
  kError = 30,
};

/// PrincipalName, 5.2.2.
struct Principal {
  static constexpr std::uint32_t kEnterprise = 10;  ///< NT-ENTERPRISE: "alice@corp.example"

  std::uint32_t type{0};                ///< name-type, 6.2; any value may occur
  std::vector<std::string> components;  ///< UTF-8
  /// "TERMSRV/srv.corp.example"
  [[nodiscard]] std::string to_text() const;
  bool operator==(const Principal&) const = default;
};

/// What a message says in clear. Empty where the message has no such field.
struct Message {
  MessageType type{};
  std::optional<Principal> client{};   ///< cname: AS-REQ, AS-REP, TGS-REP, sometimes KRB-ERROR
  std::string client_realm{};          ///< crealm: AS-REP, TGS-REP, KRB-ERROR
  std::optional<Principal> service{};  ///< sname: of the request, of the ticket given, of the error
  std::string realm{};                 ///< of the service
  std::vector<std::string> netbios_names{};  ///< HostAddress of type 20, 7.5.3, without padding
  std::vector<IpAddress> addresses{};        ///< HostAddress of type 2 and 24
  std::optional<std::uint32_t> error_code{};
};

/// LIMIT: parts of a principal, addresses of a request, bytes of one part.
inline constexpr std::size_t kMaxComponents = 8;
inline constexpr std::size_t kMaxAddresses = 16;
inline constexpr std::size_t kMaxNameBytes = 512;

/// The type of the message that begins with this byte; empty for any other.
[[nodiscard]] std::optional<MessageType> message_type(std::byte first);

/// Whether exactly these bytes can be one message: its tag, and a length that reaches their end.
[[nodiscard]] bool is_whole_message(ByteView bytes);

/// A whole message. Depth is fixed by the schema; fields in any order, unknown ones passed over.
[[nodiscard]] Message read_message(Cursor& in);

}  // namespace remora::kerberos
