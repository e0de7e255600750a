#include "dissect/pnrp/pnrp_id.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/encoding/digest.h"

namespace remora::pnrp {
namespace {

void append(std::vector<std::byte>& to, ByteView bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

PnrpId read_pnrp_id(Cursor& in, const char* field) {
  PnrpId id{};
  const auto bytes = in.bytes(id.size(), field);
  std::ranges::copy(bytes, id.begin());
  return id;
}

PnrpId read_reversed_pnrp_id(Cursor& in, const char* field) {
  auto id = read_pnrp_id(in, field);
  std::ranges::reverse(id);
  return id;
}

PnrpId make_pnrp_id(const std::array<std::byte, 20>& classifier_hash,
                    const std::array<std::byte, 20>& authority,
                    const std::array<std::byte, 16>& service_location) {
  std::vector<std::byte> text;
  append(text, classifier_hash);
  append(text, authority);
  append(text, classifier_hash);
  append(text, as_bytes(std::string_view{"PNRP"}));
  const auto digest = encoding::sha1(text);
  PnrpId id{};
  std::copy_n(digest.begin(), 16, id.begin());
  std::ranges::copy(service_location, id.begin() + 16);
  return id;
}

PnrpId successor(PnrpId id) {
  for (auto byte = id.rbegin(); byte != id.rend(); ++byte) {
    *byte = static_cast<std::byte>(to_u8(*byte) + 1);
    if (*byte != std::byte{0}) { break; }
  }
  return id;
}

observation::Sha256 ticket_key(const PnrpId& id) {
  std::vector<std::byte> text;
  append(text, as_bytes(std::string_view{"remora.pnrp_name.v1 "}));
  append(text, id);
  return encoding::sha256(text);
}

}  // namespace remora::pnrp
