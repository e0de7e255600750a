#include "dissect/rdp/negotiation.h"

#include <algorithm>
#include <charconv>

#include "capture/base/bytes.h"
#include "dissect/encoding/text.h"

namespace remora::rdp {
namespace {

// [MS-RDPBCGR] 2.2.1.1.1, 2.2.1.2.1, 2.2.1.2.2, 2.2.1.1.2
constexpr std::uint8_t kRequestType = 1;
constexpr std::uint8_t kResponseType = 2;
constexpr std::uint8_t kFailureType = 3;
constexpr std::uint8_t kCorrelationType = 6;
constexpr std::size_t kNegotiationBytes = 8;
constexpr std::size_t kCorrelationBytes = 36;

constexpr std::string_view kCookie{"Cookie: mstshash="};
constexpr std::string_view kMsts{"Cookie: msts="};
constexpr std::string_view kLineEnd{"\r\n"};

[[nodiscard]] char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

[[nodiscard]] bool starts_with_any_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

/// Whether a negotiation structure of this type stands at the start; its flags are not judged.
[[nodiscard]] bool starts_structure(ByteView bytes, std::uint8_t type, std::size_t size) {
  return bytes.size() >= size && to_u8(bytes[0]) == type && to_u8(bytes[2]) == size &&
         to_u8(bytes[3]) == 0;
}

/// Reads one structure off the front of `bytes`.
template <typename Reader>
[[nodiscard]] auto take(ByteView& bytes, std::size_t size, Reader read) {
  Cursor in{bytes.first(size)};
  bytes = bytes.subspan(size);
  return std::optional{read(in)};
}

/// The text before CRLF, which is stepped over; nothing when there is no CRLF.
[[nodiscard]] std::optional<std::string_view> take_line(ByteView& bytes) {
  const auto line_end = as_text(bytes).find(kLineEnd);
  if (line_end == std::string_view::npos) { return std::nullopt; }
  const auto line = as_text(bytes).substr(0, line_end);
  bytes = bytes.subspan(line_end + kLineEnd.size());
  return line;
}

void take_text(ByteView& bytes, ConnectionRequest& request) {
  const auto line = take_line(bytes);
  if (!line) { return; }
  if (starts_with_any_case(*line, kCookie)) {
    request.cookie = encoding::to_utf8(as_bytes(line->substr(kCookie.size())));
  } else {
    request.routing_token = encoding::to_utf8(as_bytes(*line));
  }
}

/// A decimal number and the '.' or end behind it, off the front of `text`.
template <typename Number>
[[nodiscard]] std::optional<Number> take_number(std::string_view& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) { return std::nullopt; }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() != '.') { return std::nullopt; }
  if (!text.empty()) { text.remove_prefix(1); }
  return value;
}

}  // namespace

ConnectionRequest read_connection_request(Cursor& in) {
  ConnectionRequest request{};
  auto bytes = in.rest();
  // A request without text is recognised first: a correlation id may not hold CR, its padding may.
  if (!starts_structure(bytes, kRequestType, kNegotiationBytes)) { take_text(bytes, request); }
  if (starts_structure(bytes, kRequestType, kNegotiationBytes)) {
    request.negotiation = take(bytes, kNegotiationBytes, read_negotiation_request);
    if (starts_structure(bytes, kCorrelationType, kCorrelationBytes)) {
      request.correlation = take(bytes, kCorrelationBytes, read_correlation_info);
    }
  }
  request.trailing_bytes = bytes.size();
  return request;
}

ConnectionConfirm read_connection_confirm(Cursor& in) {
  ConnectionConfirm confirm{};
  auto bytes = in.rest();
  if (starts_structure(bytes, kResponseType, kNegotiationBytes)) {
    confirm.response = take(bytes, kNegotiationBytes, read_negotiation_response);
  } else if (starts_structure(bytes, kFailureType, kNegotiationBytes)) {
    confirm.failure = take(bytes, kNegotiationBytes, read_negotiation_failure);
  }
  confirm.trailing_bytes = bytes.size();
  return confirm;
}

NegotiationRequest read_negotiation_request(Cursor& in) {
  in.expect_u8(kRequestType, "type");
  const RequestFlags flags{in.u8("flags")};
  in.expect_u16le(kNegotiationBytes, "length");
  return {.flags = flags, .requested_protocols = SecurityProtocols{in.u32le("requestedProtocols")}};
}

NegotiationResponse read_negotiation_response(Cursor& in) {
  in.expect_u8(kResponseType, "type");
  const ResponseFlags flags{in.u8("flags")};
  in.expect_u16le(kNegotiationBytes, "length");
  return {.flags = flags, .selected_protocol = SecurityProtocols{in.u32le("selectedProtocol")}};
}

NegotiationFailure read_negotiation_failure(Cursor& in) {
  in.expect_u8(kFailureType, "type");
  const auto flags = in.u8("flags");
  in.expect_u16le(kNegotiationBytes, "length");
  return {.flags = flags, .failure_code = in.u32le("failureCode")};
}

CorrelationInfo read_correlation_info(Cursor& in) {
  in.expect_u8(kCorrelationType, "type");
  in.skip(1, "flags");
  in.expect_u16le(kCorrelationBytes, "length");
  CorrelationInfo info{};
  const auto id = in.bytes(info.correlation_id.size(), "correlationId");
  std::copy(id.begin(), id.end(), info.correlation_id.begin());
  in.skip(16, "reserved");
  return info;
}

std::optional<SocketAddress> decode_msts(std::string_view routing_token) {
  if (!starts_with_any_case(routing_token, kMsts)) { return std::nullopt; }
  auto numbers = routing_token.substr(kMsts.size());
  const auto address = take_number<std::uint32_t>(numbers);
  const auto port = take_number<std::uint16_t>(numbers);
  if (!address || !port) { return std::nullopt; }
  const auto octet = [&](int shift) { return static_cast<std::byte>((*address >> shift) & 0xffU); };
  const std::array octets{octet(0), octet(8), octet(16), octet(24)};
  const auto swapped = static_cast<std::uint16_t>((*port << 8) | (*port >> 8));
  return SocketAddress{.address = IpAddress::v4(octets), .port = Port{swapped}};
}

}  // namespace remora::rdp
