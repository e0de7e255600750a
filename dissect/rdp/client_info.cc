#include "dissect/rdp/client_info.h"

#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"
#include "dissect/encoding/utf16.h"

namespace remora::rdp {
namespace {

constexpr std::size_t kTimeZoneBytes = 172;
constexpr std::size_t kTimeZoneNameBytes = 64;
constexpr std::size_t kSystemTimeBytes = 16;
constexpr std::size_t kAutoReconnectCookieBytes = 28;

[[nodiscard]] std::string to_text(ByteView bytes, bool unicode) {
  return unicode ? encoding::utf16le_to_utf8(bytes) : encoding::to_utf8(encoding::up_to_nul(bytes));
}

/// TS_TIME_ZONE_INFORMATION, 2.2.1.11.1.1.1.1.
void read_time_zone(Cursor& in, ExtendedClientInfo& info) {
  info.bias = in.i32le("Bias");
  info.standard_name = encoding::utf16le_to_utf8(in.bytes(kTimeZoneNameBytes, "StandardName"));
  in.skip(kSystemTimeBytes, "StandardDate");
  in.skip(4, "StandardBias");
  info.daylight_name = encoding::utf16le_to_utf8(in.bytes(kTimeZoneNameBytes, "DaylightName"));
  in.skip(kSystemTimeBytes, "DaylightDate");
  in.skip(4, "DaylightBias");
}

/// ARC_CS_PRIVATE_PACKET, 2.2.4.3; the verifier is not looked at.
[[nodiscard]] std::optional<std::uint32_t> read_logon_id(Cursor& in) {
  if (in.remaining() < kAutoReconnectCookieBytes) { return std::nullopt; }
  in.skip(4, "cbLen");
  in.skip(4, "Version");
  return in.u32le("LogonId");
}

void read_dynamic_time_zone(Cursor& in, ExtendedClientInfo& info) {
  const auto size = in.u16le_if_present("cbDynamicDSTTimeZoneKeyName").value_or(0);
  info.dynamic_dst_time_zone_key_name =
      encoding::utf16le_to_utf8(in.bytes(size, "dynamicDSTTimeZoneKeyName"));
  info.dynamic_daylight_time_disabled = in.u16le_if_present("dynamicDaylightTimeDisabled");
}

/// Fills `info` field by field, so that what was read before damage stays.
void read_extended_info(Cursor& in, bool unicode, ExtendedClientInfo& info) {
  info.client_address_family = in.u16le("clientAddressFamily");
  const auto address_size = in.u16le("cbClientAddress");
  info.client_address = to_text(in.bytes(address_size, "clientAddress"), unicode);
  const auto dir_size = in.u16le("cbClientDir");
  info.client_dir = to_text(in.bytes(dir_size, "clientDir"), unicode);
  if (in.at_end()) { return; }
  auto time_zone = in.sub(kTimeZoneBytes, "clientTimeZone");
  if (time_zone.ok()) { read_time_zone(time_zone, info); }
  info.client_session_id = in.u32le_if_present("clientSessionId");
  info.performance_flags = in.u32le_if_present("performanceFlags");
  const auto cookie_size = in.u16le_if_present("cbAutoReconnectCookie").value_or(0);
  auto cookie = in.sub(cookie_size, "autoReconnectCookie");
  info.auto_reconnect_logon_id = read_logon_id(cookie);
  in.skip(in.at_end() ? 0 : 2, "reserved1");
  in.skip(in.at_end() ? 0 : 2, "reserved2");
  read_dynamic_time_zone(in, info);
}

}  // namespace

ClientInfoPacket read_client_info(Cursor& in) {
  ClientInfoPacket packet{};
  packet.code_page = in.u32le("CodePage");
  packet.flags = InfoFlags{in.u32le("flags")};
  const bool unicode = packet.flags.has(InfoFlag::kUnicode);
  const std::size_t terminator = unicode ? 2 : 1;
  const auto domain_size = in.u16le("cbDomain") + terminator;
  const auto user_name_size = in.u16le("cbUserName") + terminator;
  packet.password_bytes = in.u16le("cbPassword");
  const auto alternate_shell_size = in.u16le("cbAlternateShell") + terminator;
  const auto working_dir_size = in.u16le("cbWorkingDir") + terminator;
  packet.domain = to_text(in.bytes(domain_size, "Domain"), unicode);
  packet.user_name = to_text(in.bytes(user_name_size, "UserName"), unicode);
  in.skip(packet.password_bytes + terminator, "Password");
  in.skip(alternate_shell_size, "AlternateShell");
  const auto working_dir = to_text(in.bytes(working_dir_size, "WorkingDir"), unicode);
  if (!working_dir.empty() && working_dir != "*") {
    packet.working_dir_digest = encoding::sha256(as_bytes(working_dir));
  }
  if (in.at_end()) { return packet; }
  const auto extra_offset = in.offset();
  Cursor extra{in.rest()};
  read_extended_info(extra, unicode, packet.extra_info.emplace());
  if (!extra.ok()) {
    packet.damage = extra.error();
    packet.damage->offset += extra_offset;
  }
  return packet;
}

}  // namespace remora::rdp
