// A connection that carries files, led by one family alone: the first byte of the input says which.
// The rest is in the format of conversation_fuzzer.cc, without holes.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "dissect/conversation/conversation.h"
#include "dissect/ftp/family.h"
#include "dissect/http/family.h"
#include "dissect/messenger/family.h"
#include "dissect/smb/family.h"
#include "dissect/ticket_file/family.h"
#include "tests/fuzz/demand.h"

namespace remora {

bool operator==(const Finding& a, const Finding& b) {
  return a.from == b.from && std::string_view{a.rule} == b.rule && a.what == b.what;
}

namespace fuzz {
namespace {

Families families() {
  static const std::array all{smb::family(),
                              ftp::family(),
                              http::family(),
                              ticket_file::family(),
                              messenger::msnp_family(),
                              messenger::sip_family()};
  return all;
}

std::vector<Finding> findings(std::uint8_t choice, ByteView input, bool byte_by_byte) {
  std::vector<Finding> found;
  Conversation conversation{families()};
  conversation.begin(families()[choice % families().size()].protocol, {}, Side::kInitiator, found);
  while (input.size() >= 2) {
    const auto header = static_cast<std::uint32_t>(to_u8(input[0]) | (to_u8(input[1]) << 8U));
    const auto from = (header & 0x8000U) == 0 ? Side::kInitiator : Side::kAcceptor;
    const auto bytes = input.subspan(2, std::min<std::size_t>(header & 0x3fffU, input.size() - 2));
    input = input.subspan(2 + bytes.size());
    if (byte_by_byte) {
      for (std::size_t at = 0; at < bytes.size(); ++at) {
        conversation.on_bytes(from, bytes.subspan(at, 1), {}, found);
      }
    } else {
      conversation.on_bytes(from, bytes, {}, found);
    }
    demand(conversation.tail_bytes() <= 4 * Conversation::kMaxTail, "tails are bounded");
  }
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    conversation.on_end(side, {}, found);
  }
  return found;
}

bool is_damage(const Finding& finding) {
  return std::holds_alternative<observation::Damage>(finding.what);
}

}  // namespace
}  // namespace fuzz
}  // namespace remora

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using remora::fuzz::findings;
  const auto input = std::as_bytes(std::span{data, size});
  if (input.empty()) { return 0; }
  const auto choice = remora::to_u8(input[0]);
  const auto whole = findings(choice, input.subspan(1), false);
  const auto cut = findings(choice, input.subspan(1), true);
  remora::fuzz::demand(
      std::ranges::any_of(whole, remora::fuzz::is_damage) || std::ranges::equal(whole, cut),
      "the findings do not depend on how the bytes come");
  return 0;
}
