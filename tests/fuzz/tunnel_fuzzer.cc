// What comes out of the TLS or DTLS of a multitransport connection, record by record
// (channel_talk.h: a side, a length, the bytes; or a loss), led through the tunnel and whoever
// reads its channels. The findings must be the same however a record is cut, as long as the place
// in the stream is known. make_seeds.py knows the format.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "dissect/conversation/conversation.h"
#include "dissect/families.h"
#include "dissect/multitransport/family.h"
#include "tests/fuzz/channel_talk.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {
namespace {

std::vector<Finding> hear(const std::vector<Message>& records, std::size_t piece_bytes) {
  Conversation conversation{all_families()};
  std::vector<Finding> found;
  conversation.begin(multitransport::kProtocol, {}, Side::kInitiator, found);
  Instant at;
  for (const auto& record : records) {
    at.frame = FrameNumber{to_number(at.frame) + 1};
    if (record.kind != ChannelPiece::Kind::kClear) {
      conversation.on_gap(record.from, 1, at, found);
      continue;
    }
    for (auto rest = record.bytes; !rest.empty();) {
      const auto size = std::min(piece_bytes, rest.size());
      conversation.on_bytes(record.from, rest.first(size), at, found);
      rest = rest.subspan(size);
    }
    demand(conversation.tail_bytes() <= 2 * Conversation::kMaxTail, "what is kept is bounded");
  }
  return found;
}

bool keeps_its_place(const std::vector<Message>& records, const std::vector<Finding>& found) {
  return std::ranges::all_of(
             records,
             [](const Message& record) { return record.kind == ChannelPiece::Kind::kClear; }) &&
         std::ranges::none_of(found, [](const Finding& finding) {
           return std::string_view{finding.rule} == "multitransport.pdu";
         });
}

void run(ByteView input) {
  const auto records = split(input);
  const auto whole = hear(records, SIZE_MAX);
  if (keeps_its_place(records, whole)) {
    demand(whole == hear(records, 3), "the findings do not depend on how a record is cut");
  }
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
