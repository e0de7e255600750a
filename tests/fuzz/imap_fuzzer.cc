// A connection of IMAP, in chunks (stream_talk.h): the findings must be the same when the same
// bytes come one by one, up to the first damage or hole.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "dissect/conversation/conversation.h"
#include "dissect/mail/family.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/stream_talk.h"
#include "tests/support/finding_equality.h"

namespace remora::fuzz {
namespace {

Families families() {
  static const std::array all{mail::imap_family()};
  return all;
}

void demand_good(const Finding& finding) {
  using observation::CopyDeleted;
  using observation::TicketSeen;
  if (const auto* seen = std::get_if<TicketSeen>(&finding.what)) {
    demand(std::string_view{seen->carriage.protocol} == "IMAP", "a ticket says what brought it");
    demand(seen->carriage.place.size() <= std::size_t{8} << 10U, "places are bounded");
  } else if (const auto* deleted = std::get_if<CopyDeleted>(&finding.what)) {
    demand(deleted->ticket.has_value() || !deleted->carriage.place.empty(),
           "what was deleted is known");
  }
}

std::vector<Finding> findings(std::span<const Chunk> chunks, bool byte_by_byte) {
  std::vector<Finding> found;
  Conversation conversation{families()};
  conversation.begin(mail::kImap, {}, Side::kInitiator, found);
  Instant at;
  lead(conversation, chunks, byte_by_byte, 2 * Conversation::kMaxTail, at, found);
  conversation.on_end(Side::kInitiator, at, found);
  conversation.on_end(Side::kAcceptor, at, found);
  for (const auto& finding : found) { demand_good(finding); }
  return found;
}

/// Up to the first damage, that included.
std::span<const Finding> undamaged(const std::vector<Finding>& found) {
  const auto damage = std::ranges::find_if(found, [](const Finding& finding) {
    return std::holds_alternative<observation::Damage>(finding.what);
  });
  return {found.begin(), damage == found.end() ? damage : damage + 1};
}

void run(ByteView input) {
  const auto chunks = split_chunks(input);
  const auto hole = std::ranges::find_if(chunks, &Chunk::hole);
  const std::span<const Chunk> whole{chunks.begin(), hole};
  demand(std::ranges::equal(undamaged(findings(whole, false)), undamaged(findings(whole, true))),
         "the findings do not depend on how the bytes come");
  if (hole == chunks.end()) { return; }
  (void)findings(chunks, false);
  (void)findings(chunks, true);
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
