#include "dissect/names/dhcp4_message.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "capture/base/bytes.h"
#include "dissect/encoding/text.h"
#include "dissect/names/domain_name.h"
#include "dissect/names/host_address.h"
#include "dissect/names/host_name.h"

namespace remora::names {
namespace {

// RFC 2132, and RFC 4702 for 81.
constexpr std::uint8_t kPad = 0;
constexpr std::uint8_t kHostName = 12;
constexpr std::uint8_t kDomainName = 15;
constexpr std::uint8_t kRequestedAddress = 50;
constexpr std::uint8_t kLeaseTime = 51;
constexpr std::uint8_t kOverload = 52;
constexpr std::uint8_t kMessageType = 53;
constexpr std::uint8_t kClientIdentifier = 61;
constexpr std::uint8_t kClientFqdn = 81;
constexpr std::uint8_t kEnd = 255;

constexpr unsigned kOverloadsFile = 1;  // RFC 2132 9.3
constexpr unsigned kOverloadsServerName = 2;
constexpr unsigned kFqdnIsWireForm = 0x04;  // RFC 4702 2.1: E
constexpr std::size_t kHardwareBytes = 16;
constexpr std::uint32_t kForEver = 0xffff'ffff;  // RFC 2131 3.3

/// The bytes of the options that are of interest.
struct Options {
  std::string host_name;
  std::string domain_name;
  std::string requested_address;
  std::string lease_time;
  std::string overload;
  std::string message_type;
  std::string client_identifier;
  std::string client_fqdn;

  [[nodiscard]] std::string* place_of(std::uint8_t code) {
    switch (code) {
      case kHostName:
        return &host_name;
      case kDomainName:
        return &domain_name;
      case kRequestedAddress:
        return &requested_address;
      case kLeaseTime:
        return &lease_time;
      case kOverload:
        return &overload;
      case kMessageType:
        return &message_type;
      case kClientIdentifier:
        return &client_identifier;
      case kClientFqdn:
        return &client_fqdn;
      default:
        return nullptr;
    }
  }
};

void read_options(Cursor& in, Options& options) {
  while (in.ok() && !in.at_end()) {
    const auto code = in.u8("option code");
    if (code == kPad) { continue; }
    if (code == kEnd) { return; }
    const auto data = in.bytes(in.u8("option length"), "option");
    if (auto* place = options.place_of(code)) { place->append(as_text(data)); }
  }
}

/// RFC 2131 4.1: first `file`, then `sname`.
void read_overloaded(Cursor& in, ByteView file, ByteView server_name, Options& options) {
  if (options.overload.size() != 1) { return; }
  const unsigned overload = to_u8(as_bytes(options.overload).front());
  const auto read = [&](unsigned bit, ByteView bytes) {
    if ((overload & bit) == 0) { return; }
    Cursor there{bytes};
    read_options(there, options);
    if (!there.ok()) { in.fail("overloaded options", "cut short"); }
  };
  read(kOverloadsFile, file);
  read(kOverloadsServerName, server_name);
}

std::string_view without_nul(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

void add_name(std::string_view text, std::vector<std::string>& names) {
  auto host = to_host_name(text);
  if (host.has_value() && std::ranges::find(names, *host) == names.end()) {
    names.push_back(std::move(*host));
  }
}

/// Flags, RCODE1, RCODE2, name; RFC 4702 2. The name is in ASCII where E is not set.
std::string read_client_fqdn(Cursor& in) {
  const auto flags = in.u8("Flags");
  in.skip(2, "RCODE1, RCODE2");
  if ((flags & kFqdnIsWireForm) != 0) { return read_partial_name(in); }
  return std::string{without_nul(as_text(in.rest()))};
}

std::vector<std::string> names_in(const Options& options, bool of_server) {
  std::vector<std::string> names;
  const auto host = without_nul(options.host_name);
  add_name(host, names);
  const auto domain = without_nul(options.domain_name);
  if (of_server && !names.empty() && !domain.empty() && host.find('.') == std::string_view::npos) {
    add_name(std::string{host} + "." + std::string{domain}, names);
  }
  if (const auto fqdn = decode(as_bytes(options.client_fqdn), read_client_fqdn)) {
    add_name(*fqdn, names);
  }
  return names;
}

/// RFC 2132 9.14: mostly the hardware type and address over again.
std::string to_identifier(const Options& options, std::uint8_t hardware_type, ByteView hardware) {
  const auto bytes = as_bytes(options.client_identifier);
  const bool repeats = !bytes.empty() && to_u8(bytes.front()) == hardware_type &&
                       std::ranges::equal(bytes.subspan(1), hardware);
  return repeats ? std::string{} : encoding::to_hex(bytes);
}

std::optional<std::uint32_t> to_u32(const std::string& bytes) {
  if (bytes.size() != 4) { return std::nullopt; }
  Cursor in{as_bytes(bytes)};
  return in.u32be("option");
}

void apply(const Options& options, Dhcp4Message& message) {
  if (options.message_type.size() == 1) {
    message.type = DhcpType{static_cast<std::uint8_t>(options.message_type.front())};
  }
  if (options.requested_address.size() == 4) {
    Cursor in{as_bytes(options.requested_address)};
    message.wanted = read_ipv4(in, "requested address");
  }
  if (const auto lease = to_u32(options.lease_time); lease.has_value() && *lease != kForEver) {
    message.lease = std::chrono::seconds{*lease};
  }
}

}  // namespace

std::vector<std::string> Dhcp4Message::holders() const {
  std::vector<std::string> out;
  if (!identifier.empty()) { out.push_back(identifier); }
  if (!hardware.empty()) { out.push_back(hardware); }
  return out;
}

Dhcp4Message read_dhcp4_message(Cursor& in) {
  Dhcp4Message message;
  message.op = in.u8("op");
  const auto hardware_type = in.u8("htype");
  const std::size_t hardware_bytes = in.u8("hlen");
  in.skip(9, "hops, xid, secs, flags");
  message.client = read_ipv4(in, "ciaddr");
  message.yours = read_ipv4(in, "yiaddr");
  in.skip(8, "siaddr, giaddr");
  auto hardware = in.bytes(kHardwareBytes, "chaddr");
  hardware = hardware.first(std::min(hardware_bytes, hardware.size()));
  const auto server_name = in.bytes(64, "sname");
  const auto file = in.bytes(128, "file");
  if (in.u32be("magic cookie") != kDhcp4Cookie) { in.fail("magic cookie", "unexpected value"); }
  Options options;
  read_options(in, options);
  read_overloaded(in, file, server_name, options);

  apply(options, message);
  const bool known = std::ranges::any_of(hardware, [](std::byte b) { return b != std::byte{0}; });
  if (known) { message.hardware = encoding::to_hex(hardware); }
  message.identifier = to_identifier(options, hardware_type, hardware);
  message.names = names_in(options, message.type == DhcpType::kAck);
  return message;
}

}  // namespace remora::names
