#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/observation/ticket.h"
#include "dissect/ticket/refusal.h"
#include "dissect/ticket/xml_document.h"

namespace remora::ticket {

/// Connection string 2, [MS-RAI] 2.2.2: E with A (who) and C, T, L (where).
struct ConnectionString2 {
  std::vector<observation::TicketAddress> addresses;      ///< LIMIT: the first kMaxTicketAddresses
  std::string session_id;                                 ///< A@ID as written; never told
  std::optional<observation::Sha1> public_key_digest;     ///< A@KH, where it is one
  std::optional<observation::Sha256> public_key_sha256;   ///< A@KH2, where it is one of SHA-256
  std::optional<observation::Sha256> certificate_digest;  ///< of A@CE
  std::optional<std::uint32_t> sid;                       ///< T@SID, the first that is not 0
  bool other_case{false};  ///< a name was found in another case than the specification's
};

/// Refusals: "cs2.structure", "cs2.port".
[[nodiscard]] Read<ConnectionString2> read_connection_string2(const XmlDocument& document);

}  // namespace remora::ticket
