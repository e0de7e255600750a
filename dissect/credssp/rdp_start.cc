#include "dissect/credssp/rdp_start.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace remora::credssp {
namespace {

/// Up to seven bytes of one; the length may be any.
[[nodiscard]] bool may_be_data_tpdu(ByteView bytes) {
  constexpr std::array<std::uint8_t, kDataTpduMarkBytes> kMark{3, 0, 0, 0, 2, 0xf0, 0x80};
  for (std::size_t at = 0; at < std::min(kMark.size(), bytes.size()); ++at) {
    const bool length = at == 2 || at == 3;
    if (!length && to_u8(bytes[at]) != kMark.at(at)) { return false; }
  }
  return true;
}

}  // namespace

Verdict begins_rdp(ByteView bytes) {
  if (bytes.empty() || to_u8(bytes[0]) != 3) { return Verdict::kNo; }
  if (bytes.size() < 2) { return Verdict::kMore; }
  return to_u8(bytes[1]) == 0 ? Verdict::kYes : Verdict::kNo;
}

std::optional<Protocol> what_begins(ByteView tpkt) {
  constexpr std::size_t kCode = 5;  // behind the TPKT header and the TPDU's length
  constexpr std::uint8_t kConnectionRequest = 0xe0;
  if (tpkt.size() <= kCode) { return std::nullopt; }
  return (to_u8(tpkt[kCode]) & 0xf0U) == kConnectionRequest ? kRdpFromItsStart : kRdp;
}

std::size_t bytes_before_start(ByteView bytes, Verdict (*begins)(ByteView)) {
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto rest = bytes.subspan(at);
    if (may_be_data_tpdu(rest) || begins(rest) != Verdict::kNo) { return at; }
  }
  return bytes.size();
}

}  // namespace remora::credssp
