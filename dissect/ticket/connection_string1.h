#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/observation/ticket.h"
#include "dissect/ticket/refusal.h"

namespace remora::ticket {

/// Connection string 1, [MS-RAI] 2.2.1: eight fields between commas.
struct ConnectionString1 {
  std::vector<observation::TicketAddress> addresses;   ///< LIMIT: the first kMaxTicketAddresses
  std::string session_id;                              ///< RASessionID as written; never told
  std::optional<observation::Sha1> public_key_digest;  ///< protocolSpecificParms, where it is one
};

/// Reads a whole string, without what stands around it. Refusals: "rcticket.*" of
/// protocols-ra.md 1.1, without a place.
[[nodiscard]] Read<ConnectionString1> read_connection_string1(std::string_view text);

/// Whether a bare connection string 1 may have the character; any other ends it.
[[nodiscard]] bool may_stand_in_string1(char c);

}  // namespace remora::ticket
