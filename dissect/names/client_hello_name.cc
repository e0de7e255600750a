#include "dissect/names/client_hello_name.h"

#include <cstddef>
#include <cstdint>

#include "capture/base/cursor.h"
#include "dissect/names/host_address.h"
#include "dissect/names/host_name.h"

namespace remora::names {
namespace {

constexpr std::uint8_t kHandshake = 22;    // RFC 8446 5.1
constexpr std::uint8_t kClientHello = 1;   // 4
constexpr std::uint8_t kMajorVersion = 3;  // 3.x in the record and in the hello
constexpr std::size_t kMaxSessionId = 32;  // 4.1.2
constexpr std::uint16_t kServerName = 0;   // RFC 6066 3
constexpr std::uint8_t kHostNameType = 0;

void read_record_and_message_header(Cursor& in) {
  in.expect_u8(kHandshake, "type");
  in.expect_u8(kMajorVersion, "legacy_record_version");
  in.skip(3, "legacy_record_version, length");
  in.expect_u8(kClientHello, "msg_type");
  in.skip(3, "length");
  in.expect_u8(kMajorVersion, "legacy_version");
  in.skip(1, "legacy_version");
}

std::string_view read_server_name(Cursor& in) {
  in.skip(2, "server_name_list length");
  in.expect_u8(kHostNameType, "name_type");
  return as_text(in.bytes(in.u16be("HostName length"), "HostName"));
}

/// Empty when there is none in what `in` has.
std::string_view find_server_name(Cursor& in) {
  read_record_and_message_header(in);
  in.skip(32, "random");
  const std::size_t session_id = in.u8("session_id length");
  if (session_id > kMaxSessionId) { in.fail("session_id length", "more than 32"); }
  in.skip(session_id, "legacy_session_id");
  in.skip(in.u16be("cipher_suites length"), "cipher_suites");
  in.skip(in.u8("compression_methods length"), "legacy_compression_methods");
  in.skip(2, "extensions length");
  while (in.ok() && !in.at_end()) {
    const auto type = in.u16be("extension_type");
    auto body = in.sub(in.u16be("extension_data length"), "extension");
    if (in.ok() && type == kServerName) { return read_server_name(body); }
  }
  return {};
}

}  // namespace

std::optional<std::string> to_server_name(ByteView segment) {
  Cursor in{segment};
  const auto name = find_server_name(in);
  return in.ok() ? to_host_name(name) : std::nullopt;
}

void overhear_client_hello(const Datagram& first_segment, Findings& out) {
  if (!is_host_address(first_segment.destination.address)) { return; }
  auto name = to_server_name(first_segment.bytes);
  if (!name.has_value()) { return; }
  out.observe(first_segment.at, first_segment.from, "tls.server_name",
              observation::NameLearned{.address = first_segment.destination.address,
                                       .name = std::move(*name),
                                       .kind = observation::NameKind::kTlsSni,
                                       .told_to = first_segment.source.address});
}

}  // namespace remora::names
