#include "dissect/proxy/socks5.h"

#include <algorithm>

#include "dissect/encoding/text.h"
#include "dissect/proxy/destination.h"

namespace remora::proxy {
namespace {

constexpr std::uint8_t kVersion = 5;
constexpr std::uint8_t kLoginVersion = 1;
constexpr std::uint8_t kMaxMethods = 16;
constexpr std::size_t kFixedBytes = 4;  // VER, CMD or REP, RSV, ATYP
constexpr std::size_t kPortBytes = 2;

// RFC 1928 5: ATYP.
constexpr std::uint8_t kIpv4 = 1;
constexpr std::uint8_t kDomainName = 3;
constexpr std::uint8_t kIpv6 = 4;

/// Assigned by IANA (0 to 9) or private; 0xff is an answer.
bool is_method(std::uint8_t method) {
  return method < 0x0a || (method >= 0x80 && method != kNoAcceptableMethod);
}

Extent whole_or_more(ByteView bytes, std::size_t size) {
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

}  // namespace

Extent measure_socks5_greeting(ByteView bytes) {
  constexpr std::size_t kHeader = 2;
  if (!bytes.empty() && to_u8(bytes[0]) != kVersion) { return Extent::lost("no SOCKS 5"); }
  if (bytes.size() < kHeader) { return Extent::more(); }
  const std::size_t count = to_u8(bytes[1]);
  if (count == 0 || count > kMaxMethods) { return Extent::lost("no number of methods"); }
  const auto methods = bytes.subspan(kHeader).first(std::min(count, bytes.size() - kHeader));
  for (std::size_t i = 0; i < methods.size(); ++i) {
    const auto method = methods[i];
    const bool again = std::ranges::count(methods.first(i), method) > 0;
    if (again || !is_method(to_u8(method))) { return Extent::lost("no list of methods"); }
  }
  if (methods.size() == count &&
      std::ranges::none_of(methods, [](auto b) { return to_u8(b) <= kUserAndPassword; })) {
    return Extent::lost("no method that anybody uses");
  }
  return whole_or_more(bytes, kHeader + count);
}

Extent measure_socks5_login(ByteView bytes) {
  if (!bytes.empty() && to_u8(bytes[0]) != kLoginVersion) { return Extent::lost("no login"); }
  if (bytes.size() < 2) { return Extent::more(); }
  const std::size_t password = 2 + std::size_t{to_u8(bytes[1])};
  if (bytes.size() <= password) { return Extent::more(); }
  return whole_or_more(bytes, password + 1 + to_u8(bytes[password]));
}

std::string read_socks5_login(Cursor& in) {
  in.expect_u8(kLoginVersion, "VER");
  auto user = encoding::to_utf8(in.bytes(in.u8("ULEN"), "UNAME"));
  in.skip(in.u8("PLEN"), "PASSWD");
  return user;
}

Extent measure_socks5_message(ByteView bytes) {
  if (!bytes.empty() && to_u8(bytes[0]) != kVersion) { return Extent::lost("no SOCKS 5"); }
  if (bytes.size() > 2 && to_u8(bytes[2]) != 0) { return Extent::lost("RSV is not zero"); }
  if (bytes.size() < kFixedBytes) { return Extent::more(); }
  switch (to_u8(bytes[3])) {
    case kIpv4:
      return whole_or_more(bytes, kFixedBytes + 4 + kPortBytes);
    case kIpv6:
      return whole_or_more(bytes, kFixedBytes + 16 + kPortBytes);
    case kDomainName:
      if (bytes.size() == kFixedBytes) { return Extent::more(); }
      return whole_or_more(bytes, kFixedBytes + 1 + to_u8(bytes[4]) + kPortBytes);
    default:
      return Extent::lost("no address type");
  }
}

Socks5Message read_socks5_message(Cursor& in) {
  in.expect_u8(kVersion, "VER");
  Socks5Message message{.code = in.u8("CMD"), .address = {}, .name = {}, .port = 0};
  in.expect_u8(0, "RSV");
  switch (in.u8("ATYP")) {
    case kIpv4:
      message.address = to_address(in.bytes(4, "ADDR"));
      break;
    case kIpv6:
      message.address = to_address(in.bytes(16, "ADDR"));
      break;
    case kDomainName:
      message.name = as_text(in.bytes(in.u8("ADDR length"), "ADDR"));
      break;
    default:
      in.fail("ATYP", "no address type");
      break;
  }
  message.port = in.u16be("PORT");
  return message;
}

}  // namespace remora::proxy
