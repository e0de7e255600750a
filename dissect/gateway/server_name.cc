#include "dissect/gateway/server_name.h"

#include "capture/base/cursor.h"
#include "dissect/encoding/text.h"

namespace remora::gateway {
namespace {

constexpr std::uint16_t kServerName = 0;  // RFC 6066 1.1: ExtensionType

/// RFC 8446 5.1 and 4: what stands before the ClientHello's own fields.
void skip_headers(Cursor& in) {
  in.expect_u8(22, "type");
  in.expect_u8(3, "version");
  in.skip(3, "version, length");
  in.expect_u8(1, "msg_type");
  in.skip(3, "length");
}

/// RFC 8446 4.1.2: up to the extensions.
void skip_fields(Cursor& in) {
  in.skip(2 + 32, "legacy_version, random");
  in.skip(in.u8("session_id length"), "legacy_session_id");
  in.skip(in.u16be("cipher_suites length"), "cipher_suites");
  in.skip(in.u8("compression_methods length"), "legacy_compression_methods");
  in.skip(2, "extensions length");
}

}  // namespace

std::string read_server_name(ByteView segment) {
  Cursor in{segment};
  skip_headers(in);
  skip_fields(in);
  while (in.ok() && !in.at_end()) {
    const auto type = in.u16be("extension_type");
    const auto body = in.bytes(in.u16be("extension_data length"), "extension_data");
    if (!in.ok() || type != kServerName) { continue; }
    Cursor list{body};
    list.skip(2, "server_name_list length");
    list.expect_u8(0, "name_type");
    const auto name = list.bytes(list.u16be("HostName length"), "HostName");
    return list.ok() ? encoding::to_utf8(name) : std::string{};
  }
  return {};
}

}  // namespace remora::gateway
