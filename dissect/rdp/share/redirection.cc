#include "dissect/rdp/share/redirection.h"

#include "dissect/encoding/base64.h"
#include "dissect/encoding/digest.h"
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

/// SPEC: of TsvUrl no coding is given, and Windows returns what its client sent: UTF-16 or 8-bit
/// text, else hex.
[[nodiscard]] std::string to_text(ByteView bytes) {
  if (bytes.size() >= 2 && to_u8(bytes[1]) == 0) { return encoding::utf16le_to_utf8(bytes); }
  const auto text = encoding::up_to_nul(bytes);
  return encoding::is_printable(text) ? encoding::to_utf8(text) : encoding::to_hex(bytes);
}

void read_load_balance_info(Cursor& in, ServerRedirection& packet) {
  if (!packet.redir_flags.has(RedirectionFlag::kLoadBalanceInfo)) { return; }
  auto bytes =
      read_field(in, packet.redir_flags, RedirectionFlag::kLoadBalanceInfo, "LoadBalanceInfo");
  if (!in.ok()) { return; }
  if (as_text(bytes).ends_with("\r\n")) { bytes = bytes.first(bytes.size() - 2); }
  packet.load_balance_info =
      encoding::is_printable(bytes) ? encoding::to_utf8(bytes) : encoding::to_hex(bytes);
  packet.load_balance_info_digest = encoding::sha256(bytes);
}

/// The DER of the X.509 certificate in a TARGET_CERTIFICATE_CONTAINER, 2.2.13.1.2; other elements
/// are stepped over.
[[nodiscard]] ByteView find_certificate(ByteView container) {
  constexpr std::uint32_t kCertificate = 32;  // ELEMENT_TYPE_CERTIFICATE
  constexpr std::uint32_t kDer = 1;           // ENCODING_TYPE_ASN1_DER
  Cursor in{container};
  while (in.ok() && !in.at_end()) {
    const auto type = in.u32le("type");
    const auto encoding = in.u32le("encoding");
    const auto size = in.u32le("elementSize");
    const auto element = in.bytes(size, "elementData");
    if (in.ok() && type == kCertificate && encoding == kDer) { return element; }
  }
  return {};
}

[[nodiscard]] std::optional<std::array<std::byte, 32>> digest_of_certificate(
    const std::string& base64) {
  const auto container = encoding::from_base64(base64);
  if (!container.has_value()) { return std::nullopt; }
  const auto certificate = find_certificate(*container);
  if (certificate.empty()) { return std::nullopt; }
  return encoding::sha256(certificate);
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
  read_load_balance_info(in, packet);
  packet.user_name = read_unicode(in, flags, Flag::kUserName, "UserName");
  packet.domain = read_unicode(in, flags, Flag::kDomain, "Domain");
  (void)read_field(in, flags, Flag::kPassword, "Password");
  packet.target_fqdn = read_unicode(in, flags, Flag::kTargetFqdn, "TargetFQDN");
  packet.target_net_bios_name =
      read_unicode(in, flags, Flag::kTargetNetBiosName, "TargetNetBiosName");
  packet.tsv_url = to_text(read_field(in, flags, Flag::kClientTsvUrl, "TsvUrl"));
  packet.redirection_guid = read_unicode(in, flags, Flag::kRedirectionGuid, "RedirectionGuid");
  packet.target_certificate_digest =
      digest_of_certificate(read_unicode(in, flags, Flag::kTargetCertificate, "TargetCertificate"));
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
          .load_balance_info = packet.load_balance_info,
          .load_balance_info_digest = packet.load_balance_info_digest,
          .tsv_url = packet.tsv_url,
          .redirection_guid = packet.redirection_guid,
          .target_certificate_digest = packet.target_certificate_digest,
          .has_password = packet.redir_flags.has(RedirectionFlag::kPassword)};
}

}  // namespace remora::rdp
