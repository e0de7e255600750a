#include "dissect/smb/framing.h"

#include <algorithm>
#include <string_view>

#include "dissect/encoding/text.h"

namespace remora::smb {
namespace {

constexpr std::string_view kMark{"SMB"};
constexpr std::size_t kMarkBytes = 4;

/// A name in first-level encoding, RFC 1001 14.1: its size, 32 letters, an empty scope.
constexpr std::uint8_t kEncodedNameSize = 32;
constexpr std::size_t kNameCharacters = 15;  // the 16th byte is the suffix

/// Both names of a session request, each with its size and without scope.
constexpr std::uint32_t kSessionRequestSize = 68;

[[nodiscard]] std::string read_netbios_name(Cursor& in, const char* field) {
  in.expect_u8(kEncodedNameSize, field);
  const auto letters = in.bytes(kEncodedNameSize, field);
  in.expect_u8(0, field);
  std::string bytes;
  for (std::size_t at = 0; at + 1 < letters.size() && bytes.size() < kNameCharacters; at += 2) {
    const unsigned high = to_u8(letters[at]) - unsigned{'A'};
    const unsigned low = to_u8(letters[at + 1]) - unsigned{'A'};
    if (high > 15 || low > 15) {
      in.fail(field, "not in first-level encoding");
      return {};
    }
    bytes.push_back(static_cast<char>((high << 4U) | low));
  }
  auto name = encoding::to_utf8(encoding::up_to_nul(as_bytes(bytes)));
  name.erase(name.find_last_not_of(' ') + 1);
  return name;
}

}  // namespace

FrameHeader read_frame_header(Cursor& in) {
  const auto type = PacketType{in.u8("TYPE")};
  return {.type = type, .size = in.u24be("LENGTH")};
}

SessionRequest read_session_request(Cursor& in) {
  auto called = read_netbios_name(in, "CALLED NAME");
  return {.called = std::move(called), .calling = read_netbios_name(in, "CALLING NAME")};
}

Dialect dialect_of(ByteView message) {
  if (message.size() < kMarkBytes || as_text(message.subspan(1, kMark.size())) != kMark) {
    return Dialect::kNone;
  }
  switch (to_u8(message[0])) {
    case 0xff:
      return Dialect::kSmb1;
    case 0xfe:
      return Dialect::kSmb2;
    case 0xfd:
      return Dialect::kEncrypted;
    case 0xfc:
      return Dialect::kCompressed;
    default:
      return Dialect::kNone;
  }
}

Verdict recognise(ByteView first_bytes) {
  if (first_bytes.empty()) { return Verdict::kMore; }
  const auto type = to_u8(first_bytes[0]);
  if (type == static_cast<std::uint8_t>(PacketType::kSessionRequest)) {
    constexpr std::string_view kStart{"\x81\x00\x00\x44\x20", 5};
    static_assert(kSessionRequestSize == 0x44);
    const auto shared = std::min(first_bytes.size(), kStart.size());
    if (as_text(first_bytes.first(shared)) != kStart.substr(0, shared)) { return Verdict::kNo; }
    return shared == kStart.size() ? Verdict::kYes : Verdict::kMore;
  }
  if (type != 0) { return Verdict::kNo; }
  const auto message = first_bytes.subspan(std::min(first_bytes.size(), kFrameHeaderBytes));
  if (message.empty()) { return Verdict::kMore; }
  const auto mark = to_u8(message[0]);
  if (mark != 0xff && mark != 0xfe) { return Verdict::kNo; }
  const auto shared = std::min(message.size() - 1, kMark.size());
  if (as_text(message.subspan(1, shared)) != kMark.substr(0, shared)) { return Verdict::kNo; }
  return shared == kMark.size() ? Verdict::kYes : Verdict::kMore;
}

}  // namespace remora::smb
