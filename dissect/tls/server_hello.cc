#include "dissect/tls/server_hello.h"

#include <algorithm>
#include <array>

#include "dissect/tls/extension.h"

namespace remora::tls {
namespace {

/// The random of a HelloRetryRequest, RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest".
constexpr std::array<std::uint8_t, 32> kRetryRandom{
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

}  // namespace

ServerHello read_server_hello(Cursor& in) {
  ServerHello hello;
  hello.legacy_version = in.u16be("legacy_version");
  hello.selected_version = hello.legacy_version;
  hello.random = read_random(in);
  hello.is_retry_request = std::ranges::equal(hello.random, kRetryRandom, {}, to_u8);
  in.skip(in.u8("session_id length"), "legacy_session_id_echo");
  hello.cipher_suite = in.u16be("cipher_suite");
  in.skip(1, "legacy_compression_method");
  if (in.at_end()) { return hello; }
  for_each_extension(in, [&](ExtensionType type, ByteView body) {
    hello.extensions.push_back(static_cast<std::uint16_t>(type));
    if (type == ExtensionType::kSupportedVersions) {
      Cursor inside{body};
      const auto version = inside.u16be("selected_version");
      if (inside.ok()) { hello.selected_version = version; }
    }
  });
  return hello;
}

}  // namespace remora::tls
