#include "dissect/proxy/proxy_header.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "capture/base/cursor.h"
#include "dissect/encoding/text.h"
#include "dissect/proxy/destination.h"

namespace remora::proxy {
namespace {

// Section 2.1.
constexpr std::string_view kStart{"PROXY "};
constexpr std::size_t kMaxVersion1Bytes = 107;

// Section 2.2.
constexpr std::string_view kSignature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t kHeaderBytes = 16;
constexpr std::uint8_t kLocal = 0x20;
constexpr std::uint8_t kProxy = 0x21;
constexpr std::uint8_t kTcpOverIpv4 = 0x11;
constexpr std::uint8_t kTcpOverIpv6 = 0x21;

Extent measure_version1(std::string_view text) {
  if (text.size() < kStart.size()) {
    return kStart.starts_with(text) ? Extent::more() : Extent::lost("no PROXY header");
  }
  constexpr std::array<std::string_view, 3> kProtocols{"TCP4 ", "TCP6 ", "UNKNOWN"};
  const auto rest = text.substr(kStart.size(), kMaxVersion1Bytes - kStart.size());
  const auto fits = [rest](std::string_view protocol) {
    return rest.starts_with(protocol) || protocol.starts_with(rest);
  };
  if (!text.starts_with(kStart) || std::ranges::none_of(kProtocols, fits)) {
    return Extent::lost("no PROXY header");
  }
  const auto end = rest.find("\r\n");
  if (end != std::string_view::npos) { return Extent::whole(kStart.size() + end + 2); }
  return text.size() < kMaxVersion1Bytes ? Extent::more() : Extent::lost("line without end");
}

Extent measure_version2(ByteView bytes) {
  if (bytes.size() <= kSignature.size()) { return Extent::more(); }
  const auto command = to_u8(bytes[kSignature.size()]);
  if (command != kLocal && command != kProxy) { return Extent::lost("no PROXY command"); }
  if (bytes.size() < kHeaderBytes) { return Extent::more(); }
  const auto size =
      kHeaderBytes + ((std::size_t{to_u8(bytes[14])} << 8U) | std::size_t{to_u8(bytes[15])});
  return bytes.size() < size ? Extent::more(size) : Extent::whole(size);
}

/// The words of a line, at most as many as version 1 has.
std::array<std::string_view, 6> words_of(std::string_view line) {
  std::array<std::string_view, 6> words;
  for (auto& word : words) {
    word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
  }
  return words;
}

std::optional<SocketAddress> to_end(std::string_view address, std::string_view port) {
  const auto host = IpAddress::parse(address);
  const auto number = to_port(port);
  if (!host.has_value() || !number.has_value()) { return std::nullopt; }
  return SocketAddress{.address = *host, .port = Port{*number}};
}

std::optional<ProxyHeader> read_version1(std::string_view line) {
  ProxyHeader header{.version = 1, .client = {}, .destination = {}};
  const auto [proxy, protocol, source, destination, source_port, destination_port] =
      words_of(line.substr(0, line.find("\r\n")));
  if (protocol == "UNKNOWN") { return header; }
  header.client = to_end(source, source_port);
  header.destination = to_end(destination, destination_port);
  if (!header.client.has_value() || !header.destination.has_value()) { return std::nullopt; }
  return header;
}

/// Section 2.2.2; what is behind the first that cannot be read is not looked at.
std::string find_authority(Cursor& in) {
  constexpr std::uint8_t kAuthority = 0x02;
  while (in.ok() && !in.at_end()) {
    const auto type = in.u8("type");
    const auto size = in.u16be("length");
    const auto value = in.bytes(size, "value");
    if (in.ok() && type == kAuthority) { return encoding::to_utf8(value); }
  }
  return {};
}

std::optional<ProxyHeader> read_version2(ByteView bytes) {
  ProxyHeader header{.version = 2, .client = {}, .destination = {}};
  Cursor in{bytes};
  in.skip(kSignature.size(), "signature");
  const auto command = in.u8("ver_cmd");
  const auto family = in.u8("fam");
  in.skip(2, "len");
  if (command != kProxy || (family != kTcpOverIpv4 && family != kTcpOverIpv6)) { return header; }
  const std::size_t size = family == kTcpOverIpv4 ? 4 : 16;
  const auto source = to_address(in.bytes(size, "src_addr"));
  const auto destination = to_address(in.bytes(size, "dst_addr"));
  const Port source_port{in.u16be("src_port")};
  const Port destination_port{in.u16be("dst_port")};
  if (!in.ok() || !source.has_value() || !destination.has_value()) { return std::nullopt; }
  header.client = SocketAddress{.address = *source, .port = source_port};
  header.destination = SocketAddress{.address = *destination, .port = destination_port};
  header.authority = find_authority(in);
  return header;
}

}  // namespace

Extent measure_proxy_header(ByteView bytes) {
  const auto text = as_text(bytes);
  if (text.starts_with('P') || text.empty()) { return measure_version1(text); }
  if (!kSignature.starts_with(text.substr(0, kSignature.size()))) {
    return Extent::lost("no PROXY header");
  }
  return measure_version2(bytes);
}

std::optional<ProxyHeader> read_proxy_header(ByteView header) {
  return as_text(header).starts_with('P') ? read_version1(as_text(header)) : read_version2(header);
}

}  // namespace remora::proxy
