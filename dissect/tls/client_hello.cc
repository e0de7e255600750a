#include "dissect/tls/client_hello.h"

#include "dissect/encoding/text.h"
#include "dissect/tls/extension.h"

namespace remora::tls {
namespace {

std::vector<std::uint16_t> read_u16_list(Cursor& in, std::size_t bytes, const char* name) {
  auto list = in.sub(bytes, name);
  std::vector<std::uint16_t> values;
  while (list.remaining() >= 2) { values.push_back(list.u16be("value")); }
  return values;
}

std::string read_server_name(Cursor& in) {
  auto list = in.sub(in.u16be("server_name_list length"), "server_name_list");
  list.expect_u8(0, "name_type");
  return encoding::to_utf8(list.bytes(list.u16be("HostName length"), "HostName"));
}

std::vector<std::string> read_alpn(Cursor& in) {
  auto list = in.sub(in.u16be("protocol_name_list length"), "protocol_name_list");
  std::vector<std::string> names;
  while (list.ok() && !list.at_end()) {
    const auto name = list.bytes(list.u8("ProtocolName length"), "ProtocolName");
    if (list.ok()) { names.push_back(encoding::to_utf8(name)); }
  }
  return names;
}

void read_extension_body(ExtensionType type, Cursor& in, ClientHello& hello) {
  switch (type) {
    case ExtensionType::kServerName:
      if (auto name = read_server_name(in); in.ok()) { hello.server_name = std::move(name); }
      break;
    case ExtensionType::kSupportedGroups:
      hello.supported_groups = read_u16_list(in, in.u16be("length"), "named_group_list");
      break;
    case ExtensionType::kEcPointFormats:
      for (const auto format : in.bytes(in.u8("length"), "ec_point_format_list")) {
        hello.ec_point_formats.push_back(to_u8(format));
      }
      break;
    case ExtensionType::kSignatureAlgorithms:
      hello.signature_algorithms = read_u16_list(in, in.u16be("length"), "signature_algorithms");
      break;
    case ExtensionType::kAlpn:
      hello.alpn = read_alpn(in);
      break;
    case ExtensionType::kSupportedVersions:
      hello.supported_versions = read_u16_list(in, in.u8("length"), "versions");
      break;
    default:
      break;
  }
}

void read_identity(Cursor& in, ClientHello& hello) {
  hello.legacy_version = in.u16be("legacy_version");
  hello.random = read_random(in);
  in.skip(in.u8("session_id length"), "legacy_session_id");
}

void read_offers(Cursor& in, ClientHello& hello) {
  hello.cipher_suites = read_u16_list(in, in.u16be("cipher_suites length"), "cipher_suites");
  in.skip(in.u8("compression_methods length"), "legacy_compression_methods");
  if (in.at_end()) { return; }
  for_each_extension(in, [&](ExtensionType type, ByteView body) {
    hello.extensions.push_back(static_cast<std::uint16_t>(type));
    Cursor inside{body};  // damage inside one extension does not lose the others
    read_extension_body(type, inside, hello);
  });
}

}  // namespace

ClientHello read_client_hello(Cursor& in) {
  ClientHello hello;
  read_identity(in, hello);
  read_offers(in, hello);
  return hello;
}

ClientHello read_dtls_client_hello(Cursor& in) {
  ClientHello hello;
  read_identity(in, hello);
  in.skip(in.u8("cookie length"), "cookie");
  read_offers(in, hello);
  return hello;
}

}  // namespace remora::tls
