#include "dissect/assistance_offer/novice_info.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "dissect/assistance_offer/bstr.h"
#include "dissect/dcom/orpc.h"
#include "dissect/encoding/utf16.h"

namespace remora::assistance_offer {
namespace {

constexpr std::uint32_t kBstrElements = 8;  // SF_BSTR, [MS-OAUT] 2.2.8

/// LIMIT: dimensions of the array; the list has one.
constexpr std::size_t kMaxDimensions = 8;

/// SAFEARRAY of BSTR behind its pointer, [MS-OAUT] 2.2.30.10.
void read_session_array(ndr::NdrReader& in, std::vector<ListedSession>& sessions) {
  (void)in.u32("max_count");
  const std::size_t dimensions = in.u16("cDims");
  (void)in.u16("fFeatures");
  (void)in.u32("cbElements");
  (void)in.u32("cLocks");
  const bool of_bstr = in.u32("sfType") == kBstrElements;
  if (!of_bstr || dimensions > kMaxDimensions) { in.cursor().fail("sfType", "no list of BSTR"); }
  (void)in.u32("Size");
  (void)in.pointer("aBstr");
  in.skip(8 * dimensions, "rgsabound");
  const std::size_t count = in.u32("max_count");
  std::size_t present = 0;
  for (std::size_t at = 0; at < count && in.ok(); ++at) {
    present += in.pointer("aBstr") ? 1U : 0U;
  }
  for (std::size_t at = 0; at < present && in.ok(); ++at) {
    auto session = parse_listed_session(encoding::utf16le_to_utf8(read_bstr(in)));
    if (session && sessions.size() < kMaxListedSessions) {
      sessions.push_back(std::move(*session));
    }
  }
}

}  // namespace

ConnectionStringReply read_novice_user_info_reply(ndr::NdrReader& in) {
  ConnectionStringReply reply;
  dcom::read_orpcthat(in);
  if (in.pointer("szName")) { reply.connection_string = in.wide_characters("szName"); }
  reply.result = in.u32("result");
  return reply;
}

std::optional<ListedSession> parse_listed_session(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) { return std::nullopt; }
  const auto digits = text.substr(colon + 1);
  ListedSession session;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), session.session_id);
  if (error != std::errc{} || end != digits.data() + digits.size()) { return std::nullopt; }
  session.account = parse_account(text.substr(0, colon));
  if (session.account.user.empty()) { return std::nullopt; }
  return session;
}

SessionListReply read_session_info_reply(ndr::NdrReader& in) {
  SessionListReply reply;
  dcom::read_orpcthat(in);
  if (in.pointer("UserNames")) { read_session_array(in, reply.sessions); }
  (void)in.u32("Count");
  reply.result = in.u32("result");
  return reply;
}

}  // namespace remora::assistance_offer
