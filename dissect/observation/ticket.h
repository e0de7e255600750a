#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"
#include "capture/base/time.h"
#include "dissect/observation/certainty.h"

namespace remora::observation {

using Sha256 = std::array<std::byte, 32>;
using Sha1 = std::array<std::byte, 20>;

/// Where the one who waits can be reached: an address, or else a name. An L node of connection
/// string 2, an entry of the machine address list of connection string 1; [MS-RAI] 2.2.1, 2.2.2.
struct TicketAddress {
  std::optional<IpAddress> address{};
  std::string name{};  ///< as written, when it is no address
  std::optional<Port> port{};
  bool operator==(const TicketAddress&) const = default;
};

/// What a Remote Assistance ticket says, protocols-ra.md 1. The RA session id, the password stub
/// and the encrypted part have no field here: only digests of them leave the parser.
struct Ticket {
  enum class Format : std::uint8_t { kXp, kVista, kConnectionString1, kConnectionString2 };
  Format format{};
  /// The same for every copy: SHA-256 of the RA session id; without one, of the encrypted
  /// connection string (protocols-ra.md 1.5).
  Sha256 key{};
  std::string user_name{};             ///< USERNAME; UTF-8
  std::optional<Moment> start{};       ///< DtStart
  std::optional<Nanoseconds> valid{};  ///< DtLength
  std::vector<TicketAddress> addresses{};
  std::optional<Sha256> session_id_digest{};
  std::optional<bool> password_protected{};
  std::optional<std::uint32_t> sid{};          ///< of the preconnection PDU
  std::optional<Sha1> public_key_digest{};     ///< KH, or protocolSpecificParms
  std::optional<Sha256> public_key_sha256{};   ///< KH2, where it is one of SHA-256
  std::optional<Sha256> certificate_digest{};  ///< of CE, the server's certificate in DER
  bool decrypted{false};                       ///< some of it was read with the operator's password
  /// A connection string that stands in an invitation whose beginning was not seen.
  static constexpr const char* kPartOfInvitation{"part_of_invitation"};
  /// Where the parser was as tolerant as Windows is: stable words, "attribute_case"; and the above.
  std::vector<std::string> remarks{};
  bool operator==(const Ticket&) const = default;
};

/// What brought a ticket.
struct Carriage {
  const char* protocol{""};  ///< a literal: "SMTP", as proto Carrier lists them
  std::string file_name{};   ///< of the file or attachment, without folders
  /// Where the copy lies on its server, so that its deletion can be told:
  /// "\\\\share\\folder\\file",
  /// "/path", "INBOX/17". Empty where it lies nowhere.
  std::string place{};
  /// The server it lies on, where that is another than the one that accepted the connection.
  std::optional<IpAddress> server{};
  /// Accounts of a messenger's conversation: who sends, and who receives; UTF-8.
  std::string sender{};
  std::string receiver{};
  bool operator==(const Carriage&) const = default;
};

/// A ticket went from the finding's `from` to the other end.
struct TicketSeen {
  Ticket ticket;
  Carriage carriage{};
  /// Where it was not read, but must have been given: `ticket` holds what is known all the same.
  Certainty known{Certainty::kObserved};
  double confidence{1.0};  ///< 1 unless inferred
  bool operator==(const TicketSeen&) const = default;
};

/// Something that claims to be a ticket and is none.
struct TicketRefused {
  std::string error{};                  ///< stable dotted word, "xml.not_wellformed"
  std::optional<std::uint32_t> line{};  ///< 1-based, as the next
  std::optional<std::uint32_t> column{};
  Carriage carriage{};
  Sha256 digest{};        ///< of what was refused, as far as it came
  bool decrypted{false};  ///< what is wrong was seen with the operator's password
  /// It claims to be a ticket only if its name does, which another connection tells.
  bool if_named{false};
  std::uint64_t size{0};
  bool operator==(const TicketRefused&) const = default;
};

/// A copy was removed from its server: `from` asked for it and was obeyed. By key where this
/// conversation saw what the copy holds, else by place.
struct CopyDeleted {
  std::optional<Sha256> ticket{};
  Carriage carriage{};
  bool operator==(const CopyDeleted&) const = default;
};

/// A copy, or a folder of them, lies elsewhere on its server: `from` asked for it and was obeyed.
struct CopyMoved {
  Carriage carriage{};  ///< where it lay
  std::string new_place{};
  bool stays{false};  ///< it was copied: it lies at both
  bool operator==(const CopyMoved&) const = default;
};

/// A file will come over a connection of its own, whose bytes do not say what it is (FTP).
struct DataFlowExpected {
  Side listener{};                     ///< who waits for that connection
  std::optional<IpAddress> address{};  ///< where; absent: at the address of this flow
  Port port{};
  Carriage carriage{};
  bool is_named_ticket{false};  ///< the file's name says that it is a ticket
  bool operator==(const DataFlowExpected&) const = default;
};

}  // namespace remora::observation
