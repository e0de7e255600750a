#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/assistance_offer/help_blob.h"
#include "dissect/assistance_offer/remote_connection_parms.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::assistance_offer {

/// IRASrv::GetNoviceUserInfo, opnum 7, [MS-RAI] 3.3.4.1.1: the answer.
[[nodiscard]] ConnectionStringReply read_novice_user_info_reply(ndr::NdrReader& in);

/// A Windows session of the novice's machine, "DOMAIN\user:2" in GetSessionInfo, 3.3.4.1.2.
struct ListedSession {
  Account account;
  std::uint32_t session_id{0};
  bool operator==(const ListedSession&) const = default;
};
[[nodiscard]] std::optional<ListedSession> parse_listed_session(std::string_view text);

/// LIMIT: sessions of one list; a terminal server may have more, of which the first are kept.
inline constexpr std::size_t kMaxListedSessions = 64;

struct SessionListReply {
  std::vector<ListedSession> sessions;
  std::uint32_t result{0};  ///< HRESULT
};
/// The answer of GetSessionInfo, opnum 8.
[[nodiscard]] SessionListReply read_session_info_reply(ndr::NdrReader& in);

}  // namespace remora::assistance_offer
