#include "dissect/rdp/share/redirection.h"

#include "dissect/encoding/text.h"
#include "dissect/encoding/utf16.h"

namespace remora::rdp {
namespace {

constexpr std::uint16_t kRedirectionPacket = 0x0400;  // SEC_REDIRECTION_PKT
constexpr std::size_t kMostAddresses = 32;

/// `length u32 + data`, if its flag is set.
[[nodiscard]] ByteView read_field(Cursor& in, RedirectionFlags present, RedirectionFlag flag,
                                  const char* name) {
  if (!present.has(flag)) { return {}; }
  const auto size = in.u32le(name);
  return in.bytes(size, name);
}

[[nodiscard]] std::string read_unicode(Cursor& in, RedirectionFlags present, RedirectionFlag flag,
                                       const char* name) {
  return encoding::utf16le_to_utf8(read_field(in, present, flag, name));
}

[[nodiscard]] std::string to_load_balance_text(ByteView bytes) {
  if (as_text(bytes).ends_with("\r\n")) { bytes = bytes.first(bytes.size() - 2); }
  return encoding::is_printable(bytes) ? encoding::to_utf8(bytes) : encoding::to_hex(bytes);
}

/// TARGET_NET_ADDRESSES, 2.2.13.1.1.
[[nodiscard]] std::vector<std::string> read_addresses(Cursor& in) {
  std::vector<std::string> addresses;
  const auto count = in.u32le("addressCount");
  while (in.ok() && addresses.size() < count && addresses.size() < kMostAddresses) {
    const auto size = in.u32le("addressLength");
    addresses.push_back(encoding::utf16le_to_utf8(in.bytes(size, "address")));
  }
  return addresses;
}

}  // namespace

ServerRedirection read_server_redirection(Cursor& in) {
  using Flag = RedirectionFlag;
  ServerRedirection packet{};
  in.expect_u16le(kRedirectionPacket, "Flags");
  packet.length = in.u16le("Length");
  packet.session_id = in.u32le("SessionID");
  packet.redir_flags = RedirectionFlags{in.u32le("RedirFlags")};
  const auto flags = packet.redir_flags;
  packet.target_net_address = read_unicode(in, flags, Flag::kTargetNetAddress, "TargetNetAddress");
  packet.load_balance_info =
      to_load_balance_text(read_field(in, flags, Flag::kLoadBalanceInfo, "LoadBalanceInfo"));
  packet.user_name = read_unicode(in, flags, Flag::kUserName, "UserName");
  packet.domain = read_unicode(in, flags, Flag::kDomain, "Domain");
  (void)read_field(in, flags, Flag::kPassword, "Password");
  packet.target_fqdn = read_unicode(in, flags, Flag::kTargetFqdn, "TargetFQDN");
  packet.target_net_bios_name =
      read_unicode(in, flags, Flag::kTargetNetBiosName, "TargetNetBiosName");
  (void)read_field(in, flags, Flag::kClientTsvUrl, "TsvUrl");
  packet.redirection_guid = read_unicode(in, flags, Flag::kRedirectionGuid, "RedirectionGuid");
  (void)read_field(in, flags, Flag::kTargetCertificate, "TargetCertificate");
  if (flags.has(Flag::kTargetNetAddresses)) {
    auto addresses = in.sub(in.u32le("TargetNetAddressesLength"), "TargetNetAddresses");
    packet.target_net_addresses = read_addresses(addresses);
  }
  return packet;
}

ServerRedirection read_enhanced_redirection(Cursor& in) {
  in.skip(2, "pad2Octets");
  return read_server_redirection(in);
}

observation::Redirected to_redirected(const ServerRedirection& packet) {
  return {.session_id = packet.session_id,
          .flags = packet.redir_flags.raw(),
          .target_address = packet.target_net_address,
          .target_addresses = packet.target_net_addresses,
          .target_fqdn = packet.target_fqdn,
          .target_netbios_name = packet.target_net_bios_name,
          .user = packet.user_name,
          .domain = packet.domain,
          .load_balance_info = packet.load_balance_info};
}

}  // namespace remora::rdp
