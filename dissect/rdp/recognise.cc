#include "dissect/rdp/recognise.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "capture/base/cursor.h"
#include "dissect/encoding/per.h"
#include "dissect/rdp/data_form.h"
#include "dissect/rdp/x224.h"

namespace remora::rdp {
namespace {

/// LIMIT: never asks for more than this many bytes. A CR or CC has at most 259, and a Connect PDU
/// has its key well before.
constexpr std::size_t kEnough = 512;

constexpr std::size_t kTpktHeaderBytes = 4;
constexpr std::size_t kVariablePart = 11;  // offset behind TPKT header and fixed part of CR and CC
constexpr std::size_t kEmptyBytes = 11;    // whole CR or CC without variable part
constexpr std::size_t kNegotiationBytes = 8;

/// The bytes seen so far, with what the TPKT header says about them.
struct Start {
  ByteView bytes;    ///< of the first PDU, as far as seen; at least 11
  std::size_t size;  ///< of the first PDU

  [[nodiscard]] std::uint8_t at(std::size_t offset) const { return to_u8(bytes[offset]); }
  [[nodiscard]] bool is_whole() const { return bytes.size() == size; }
  [[nodiscard]] ByteView variable_part() const { return bytes.subspan(kVariablePart); }
  [[nodiscard]] Verdict more_or_no() const {
    return is_whole() || bytes.size() >= kEnough ? Verdict::kNo : Verdict::kMore;
  }
};

[[nodiscard]] bool is_text(std::byte b) {
  return to_u8(b) >= 0x20 && to_u8(b) < 0x7f;
}

/// 8 bytes of RDP_NEG_REQ, _RSP or _FAILURE: type, any flags, length 8. kMore while they still
/// could.
[[nodiscard]] Verdict is_negotiation(const Start& start, std::uint8_t least, std::uint8_t most) {
  const auto bytes = start.variable_part();
  if (start.size < kVariablePart + kNegotiationBytes) { return Verdict::kNo; }
  if (bytes.empty()) { return Verdict::kMore; }
  const auto type = to_u8(bytes[0]);
  if (type < least || type > most) { return Verdict::kNo; }
  if (bytes.size() < kNegotiationBytes) { return start.more_or_no(); }
  return to_u8(bytes[2]) == kNegotiationBytes && to_u8(bytes[3]) == 0 ? Verdict::kYes
                                                                      : Verdict::kNo;
}

/// A cookie or a routing token: printable text up to CRLF. Parameters of other users of X.224 begin
/// with a byte from 80h (X.224 13.3.4).
[[nodiscard]] Verdict is_text_line(const Start& start) {
  constexpr std::string_view kCookie{"Cookie: msts"};
  const auto bytes = start.variable_part();
  const auto text_end = std::find_if_not(bytes.begin(), bytes.end(), is_text);
  const auto text = as_text(bytes.first(static_cast<std::size_t>(text_end - bytes.begin())));
  if (text.starts_with(kCookie)) { return Verdict::kYes; }
  const auto behind = as_text(bytes.subspan(text.size()));
  if (text.empty() && !behind.empty()) { return Verdict::kNo; }
  if (behind.starts_with("\r\n")) { return Verdict::kYes; }
  return behind.empty() || behind == "\r" ? start.more_or_no() : Verdict::kNo;
}

/// No variable part: RDP 4 and 5. RDP alone leaves both references zero, [MS-RDPBCGR] 3.2.5.3.1; a
/// confirm repeats the request's in its destination reference.
[[nodiscard]] bool is_empty_of_rdp(const Start& start, TpduCode code) {
  const bool no_destination = start.at(6) == 0 && start.at(7) == 0;
  const bool no_source = start.at(8) == 0 && start.at(9) == 0;
  return start.size == kEmptyBytes && start.at(4) == kEmptyBytes - 5 && no_destination &&
         (no_source || code == TpduCode::kConnectionConfirm);
}

[[nodiscard]] Verdict is_request(const Start& start) {
  if (start.size == kEmptyBytes) {
    return is_empty_of_rdp(start, TpduCode::kConnectionRequest) ? Verdict::kYes : Verdict::kNo;
  }
  const auto negotiation = is_negotiation(start, 1, 1);
  return negotiation == Verdict::kNo ? is_text_line(start) : negotiation;
}

[[nodiscard]] Verdict is_confirm(const Start& start) {
  if (start.size == kEmptyBytes) {
    return is_empty_of_rdp(start, TpduCode::kConnectionConfirm) ? Verdict::kYes : Verdict::kNo;
  }
  return is_negotiation(start, 2, 3);
}

/// MCS Connect-Initial or Connect-Response: the keys are RDP's own, T.120 conferences have others.
[[nodiscard]] Verdict is_connect_pdu(const Start& start) {
  if (start.at(5) != 0xf0 || start.at(6) != 0x80 || start.at(7) != 0x7f) { return Verdict::kNo; }
  const auto tag = start.at(8);
  if (tag != 0x65 && tag != 0x66) { return Verdict::kNo; }
  const auto* key = tag == 0x65 ? "Duca" : "McDn";
  const bool found = as_text(start.bytes).find(key) != std::string_view::npos;
  return found ? Verdict::kYes : start.more_or_no();
}

// [MS-RDPBCGR] 2.2.1.4.4: what Windows and others always use; then come the static channels, at
// most 31 of them (2.2.1.3.4).
constexpr std::uint16_t kIoChannel = 1003;
constexpr std::uint16_t kLastChannel = kIoChannel + 31;

/// The start of `size` bytes of a static channel: a CHANNEL_PDU_HEADER (2.2.6.1.1) of a message
/// that begins here, or something encrypted behind flags that a channel can have there.
[[nodiscard]] bool is_channel_data(ByteView bytes, std::size_t size) {
  constexpr std::size_t kHeaderBytes = 8;
  constexpr std::uint32_t kFirst = 0x1;
  constexpr std::uint32_t kLast = 0x2;
  constexpr std::uint32_t kCompressed = 0x00200000;
  constexpr std::uint32_t kAllFlags = 0x00ef00f3;
  constexpr std::size_t kChunk = 1600;  // CHANNEL_CHUNK_LENGTH: what all but the last have at least
  constexpr unsigned kSealedLow = 0x38;   // SEC_ENCRYPT, SEC_RESET_SEQNO, SEC_IGNORE_SEQNO
  constexpr unsigned kSealedHigh = 0x08;  // SEC_SECURE_CHECKSUM
  Cursor in{bytes};
  const auto length = in.u32le("length");
  const auto flags = in.u32le("flags");
  if (in.ok() && (flags & kFirst) != 0 && (flags & ~kAllFlags) == 0 && size > kHeaderBytes) {
    const auto here = size - kHeaderBytes;
    if ((flags & kCompressed) != 0) { return length > here; }
    return (flags & kLast) != 0 ? length == here : length > here && here >= kChunk;
  }
  return is_encrypted(bytes, size) && (to_u8(bytes[0]) & ~kSealedLow) == 0 &&
         (to_u8(bytes[1]) & ~kSealedHigh) == 0;
}

/// In the middle of a connection: an MCS Send Data PDU on the I/O channel or a static channel whose
/// lengths agree with each other, T.125 11.32 and 11.33. Fast-path PDUs are too weak a mark.
[[nodiscard]] Verdict is_send_data(const Start& start) {
  constexpr std::size_t kMcsAt = 7;
  constexpr std::size_t kLongestHeaders = 16 + 8;  // TPKT to MCS, two-byte length; RDP's own
  constexpr std::uint8_t kHighBeginEnd = 0x70;
  if (start.at(kMcsAt) != 0x64 && start.at(kMcsAt) != 0x68) { return Verdict::kNo; }
  if (!start.is_whole() && start.bytes.size() < kLongestHeaders) { return Verdict::kMore; }
  Cursor in{start.bytes.subspan(kMcsAt + 1)};
  in.skip(2, "initiator");
  const auto channel = in.u16be("channelId");
  const auto priority = in.u8("dataPriority, segmentation");
  const auto length = encoding::read_per_length(in, "userData length");
  const auto size = start.size - std::min(start.size, kMcsAt + 1 + in.offset());
  if (!in.ok() || priority != kHighBeginEnd || length != size) { return Verdict::kNo; }
  const bool fits = channel == kIoChannel ? data_form_of(in.rest(), size) != DataForm::kUnknown
                                          : channel > kIoChannel && channel <= kLastChannel &&
                                                is_channel_data(in.rest(), size);
  return fits ? Verdict::kYes : Verdict::kNo;
}

/// The same where channels are still being joined, T.125 11.21: twelve bytes in all.
[[nodiscard]] Verdict is_channel_join(const Start& start) {
  constexpr std::size_t kMcsAt = 7;
  constexpr std::size_t kRequestBytes = kMcsAt + 5;
  constexpr std::uint8_t kChannelJoinRequest = 0x38;
  constexpr std::uint16_t kFirstUser = 1001;  // the least id of a user, T.125 7
  if (start.size != kRequestBytes || start.at(kMcsAt) != kChannelJoinRequest) {
    return Verdict::kNo;
  }
  if (!start.is_whole()) { return Verdict::kMore; }
  Cursor in{start.bytes.subspan(kMcsAt + 1)};
  in.skip(2, "initiator");
  return in.u16be("channelId") >= kFirstUser ? Verdict::kYes : Verdict::kNo;
}

/// Whether up to eleven bytes agree with a TPKT that holds a CR, CC or DT of class 0.
[[nodiscard]] bool may_be_tpkt(ByteView bytes) {
  const auto is = [bytes](std::size_t at, auto test) {
    return bytes.size() <= at || test(to_u8(bytes[at]));
  };
  const auto code_fits = [](std::uint8_t code) {
    return code == 0xe0 || code == 0xd0 || code == 0xf0;
  };
  return is(0, [](auto b) { return b == 3; }) && is(1, [](auto b) { return b == 0; }) &&
         is(4, [](auto b) { return b >= 2; }) && is(5, code_fits);
}

}  // namespace

Verdict recognise(ByteView first_bytes) {
  if (!may_be_tpkt(first_bytes)) { return Verdict::kNo; }
  if (first_bytes.size() < kTpktHeaderBytes) { return Verdict::kMore; }
  const auto size = (static_cast<std::size_t>(to_u8(first_bytes[2])) << 8) | to_u8(first_bytes[3]);
  if (size < kEmptyBytes) { return Verdict::kNo; }
  if (first_bytes.size() < kEmptyBytes) { return Verdict::kMore; }
  const Start start{.bytes = first_bytes.first(std::min(size, first_bytes.size())), .size = size};
  if (start.at(5) == 0xf0) {
    const auto connect = is_connect_pdu(start);
    if (connect != Verdict::kNo) { return connect; }
    const auto join = is_channel_join(start);
    return join == Verdict::kNo ? is_send_data(start) : join;
  }
  if ((start.at(10) & 0xf0U) != 0) { return Verdict::kNo; }  // another class than 0
  return start.at(5) == 0xe0 ? is_request(start) : is_confirm(start);
}

}  // namespace remora::rdp
