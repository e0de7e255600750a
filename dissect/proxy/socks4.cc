#include "dissect/proxy/socks4.h"

#include <algorithm>
#include <cstddef>

#include "dissect/encoding/text.h"
#include "dissect/proxy/destination.h"

namespace remora::proxy {
namespace {

constexpr std::uint8_t kVersion = 4;
constexpr std::uint8_t kConnect = 1;
constexpr std::size_t kFixedBytes = 8;
constexpr std::size_t kMaxTextBytes = 255;

/// 0.0.0.x, x not 0: a name follows the user.
bool announces_name(ByteView address) {
  return std::ranges::all_of(address.first(3), [](auto b) { return to_u8(b) == 0; }) &&
         to_u8(address[3]) != 0;
}

/// Whether the byte is there and differs.
bool differs(ByteView bytes, std::size_t at, std::uint8_t value) {
  return bytes.size() > at && to_u8(bytes[at]) != value;
}

/// The text at the start of `bytes` with its NUL. ASCII alone: it is the mark by which the request
/// is told from other protocols.
Extent measure_text(ByteView bytes, std::size_t least) {
  const auto is_text = [](auto b) { return to_u8(b) >= 0x20 && to_u8(b) < 0x7f; };
  const auto end = std::ranges::find_if_not(bytes, is_text);
  const auto size = static_cast<std::size_t>(end - bytes.begin());
  if (size > kMaxTextBytes) { return Extent::lost("text without end"); }
  if (end == bytes.end()) { return Extent::more(); }
  if (*end != std::byte{0} || size < least) { return Extent::lost("no text"); }
  return Extent::whole(size + 1);
}

std::string read_text(Cursor& in, const char* field) {
  std::string text;
  while (const auto character = in.u8(field)) {
    if (text.size() < kMaxTextBytes) { text.push_back(static_cast<char>(character)); }
  }
  return encoding::to_utf8(as_bytes(text));
}

}  // namespace

Extent measure_socks4_request(ByteView bytes) {
  if (differs(bytes, 0, kVersion) || differs(bytes, 1, kConnect)) {
    return Extent::lost("no SOCKS 4 CONNECT request");
  }
  if (bytes.size() < kFixedBytes) { return Extent::more(); }
  const bool no_port = to_u8(bytes[2]) == 0 && to_u8(bytes[3]) == 0;
  const bool named = announces_name(bytes.subspan(4, 4));
  if (no_port || (to_u8(bytes[4]) == 0 && !named)) { return Extent::lost("no destination"); }
  auto size = kFixedBytes;
  const auto user = measure_text(bytes.subspan(size), 0);
  if (!user.is_whole()) { return user; }
  size += user.size();
  if (named) {
    const auto name = measure_text(bytes.subspan(size), 1);
    if (!name.is_whole()) { return name; }
    size += name.size();
  }
  return Extent::whole(size);
}

Socks4Request read_socks4_request(Cursor& in) {
  in.expect_u8(kVersion, "VN");
  in.expect_u8(kConnect, "CD");
  const auto port = in.u16be("DSTPORT");
  const auto address = in.bytes(4, "DSTIP");
  Socks4Request request{.port = port,
                        .address = to_address(address).value_or(IpAddress{}),
                        .user = read_text(in, "USERID"),
                        .is_4a = address.size() == 4 && announces_name(address),
                        .host_name = {}};
  if (request.is_4a) { request.host_name = read_text(in, "host name"); }
  return request;
}

Socks4Reply read_socks4_reply(Cursor& in) {
  in.skip(1, "VN");
  const auto code = in.u8("CD");
  const Port port{in.u16be("DSTPORT")};
  const auto address = to_address(in.bytes(4, "DSTIP")).value_or(IpAddress{});
  return {.code = code, .bound = {.address = address, .port = port}};
}

}  // namespace remora::proxy
