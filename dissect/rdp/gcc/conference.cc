#include "dissect/rdp/gcc/conference.h"

#include <algorithm>
#include <string_view>

#include "dissect/encoding/per.h"

namespace remora::rdp {
namespace {

constexpr std::size_t kBlockHeaderBytes = 4;
constexpr std::size_t kMostBlocks = 64;

[[nodiscard]] UserDataBlock read_block(Cursor& in, std::size_t base) {
  const auto type = in.u16le("type");
  const auto length = in.u16le("length");
  if (in.ok() && length < kBlockHeaderBytes) { in.fail("length", "smaller than its header"); }
  const auto offset = base + in.offset();
  return {.type = type,
          .offset = offset,
          .body = in.bytes(in.ok() ? length - kBlockHeaderBytes : 0, "userData")};
}

/// Reads blocks until `in` ends or one of them cannot be stepped over.
void read_blocks(Cursor& in, std::size_t base, std::vector<UserDataBlock>& blocks) {
  while (!in.at_end()) {
    if (blocks.size() == kMostBlocks) {
      in.fail("userData", "more than 64 blocks");
      return;
    }
    const auto block = read_block(in, base);
    if (in.ok()) { blocks.push_back(block); }
  }
}

/// What stands before the key is ALIGNED PER that peers write by rote, with a length that receivers
/// must ignore ([MS-RDPBCGR] 3.2.5.3.4); so the key is looked for.
[[nodiscard]] Conference read_conference(Cursor& in, std::string_view key) {
  Conference conference;
  auto base = in.offset();
  auto bytes = in.rest();
  const auto found = as_text(bytes).find(key);
  if (found == std::string_view::npos) {
    in.fail("h221NonStandard", "no key");
    return conference;
  }
  bytes = bytes.subspan(found + key.size());
  base += found + key.size();
  Cursor user_data{bytes};
  const auto length = encoding::read_per_length(user_data, "userData");
  auto blocks = user_data.sub(std::min(length, user_data.remaining()), "userData");
  read_blocks(blocks, base, conference.blocks);
  if (length > bytes.size()) { user_data.fail("userData", "ends before its length"); }
  if (!user_data.ok()) {
    conference.damage = user_data.error();
    conference.damage->offset += base;
  }
  return conference;
}

}  // namespace

Conference read_conference_request(Cursor& in) {
  return read_conference(in, "Duca");
}

Conference read_conference_response(Cursor& in) {
  return read_conference(in, "McDn");
}

}  // namespace remora::rdp
