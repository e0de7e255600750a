#include "dissect/tls/fingerprints.h"

#include <gtest/gtest.h>

namespace remora::tls {
namespace {

// The vectors of protocols-rdp.md 5.4.
TEST(Ja4, GivesThePublishedFingerprint) {
  const ClientHello hello{
      .legacy_version = 0x0303,
      .cipher_suites = {0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
                        0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035},
      .extensions = {0x1a1a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005,
                     0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015},
      .server_name = "example.com",
      .supported_groups = {},
      .ec_point_formats = {},
      .alpn = {"h2", "http/1.1"},
      .supported_versions = {0x3a3a, 0x0304, 0x0303},
      .signature_algorithms = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601}};
  EXPECT_EQ(ja4(hello), "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST(Ja4, WritesZerosForWhatIsNotThere) {
  EXPECT_EQ(ja4({.legacy_version = 0x0301}), "t10i000000_000000000000_000000000000");
}

TEST(Ja4, WritesTheHexOfAProtocolThatIsNotAlphanumeric) {
  EXPECT_EQ(ja4({.legacy_version = 0x0303,
                 .alpn = {"\xab"
                          "h\xcd"}})
                .substr(0, 10),
            "t12i0000ad");
}

// Strings and digests as published with the method.
TEST(Ja3, GivesThePublishedFingerprint) {
  const ClientHello hello{
      .legacy_version = 769,
      .cipher_suites = {47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4},
      .extensions = {0, 10, 11},
      .server_name = {},
      .supported_groups = {23, 24, 25},
      .ec_point_formats = {0}};
  EXPECT_EQ(ja3(hello), "ada70206e40642a3e4461f35503241d5");
}

TEST(Ja3, LeavesGreaseOut) {
  ClientHello hello{.legacy_version = 771, .cipher_suites = {0x1301}, .extensions = {0}};
  const auto plain = ja3(hello);
  hello.cipher_suites = {0x5a5a, 0x1301};
  hello.extensions = {0xfafa, 0};
  hello.supported_groups = {0x0a0a};
  EXPECT_EQ(ja3(hello), plain);
}

// md5sum of "769,47,65281-0-11-35-5-16".
TEST(Ja3s, HashesVersionCipherAndExtensions) {
  const ServerHello hello{.legacy_version = 769,
                          .selected_version = 769,
                          .cipher_suite = 47,
                          .extensions = {65281, 0, 11, 35, 5, 16}};
  EXPECT_EQ(ja3s(hello), "836ce314215654b5b1f85f97c73e506f");
}

}  // namespace
}  // namespace remora::tls
