#include <string>

#include <gtest/gtest.h>

#include "dissect/tls/client_hello.h"
#include "dissect/tls/server_hello.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::tls {
namespace {

using testing::hex;

const std::string kRandom(64, 'a');

// RFC 8446 4.1.2.
std::vector<std::byte> client_hello() {
  return hex("0303" + kRandom +
             "00"                                        // legacy_session_id
             "0006 0a0a 1301 c030"                       // cipher_suites
             "01 00"                                     // legacy_compression_methods
             "0034"                                      // extensions
             "0000 000d 000b 00 0008 7372762e 74657374"  // server_name "srv.test"
             "000a 0006 0004 001d 0017"                  // supported_groups
             "000b 0002 01 00"                           // ec_point_formats
             "000d 0006 0004 0403 0804"                  // signature_algorithms
             "002b 0005 04 0304 0303");                  // supported_versions
}

TEST(ClientHello, IsReadFieldByField) {
  const auto bytes = client_hello();
  const auto hello = decode(bytes, read_client_hello);
  ASSERT_TRUE(hello.has_value()) << hello.error().to_text();
  EXPECT_EQ(hello->legacy_version, 0x0303);
  EXPECT_EQ(hello->cipher_suites, (std::vector<std::uint16_t>{0x0a0a, 0x1301, 0xc030}));
  EXPECT_EQ(hello->extensions, (std::vector<std::uint16_t>{0, 10, 11, 13, 43}));
  EXPECT_EQ(hello->server_name, "srv.test");
  EXPECT_EQ(hello->supported_groups, (std::vector<std::uint16_t>{0x001d, 0x0017}));
  EXPECT_EQ(hello->ec_point_formats, (std::vector<std::uint8_t>{0}));
  EXPECT_EQ(hello->signature_algorithms, (std::vector<std::uint16_t>{0x0403, 0x0804}));
  EXPECT_EQ(hello->supported_versions, (std::vector<std::uint16_t>{0x0304, 0x0303}));
}

TEST(ClientHello, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(client_hello(), read_client_hello);
}

TEST(ClientHello, MayHaveNoExtensions) {
  const auto hello = decode(hex("0300" + kRandom + "00 0002 0005 01 00"), read_client_hello);
  ASSERT_TRUE(hello.has_value());
  EXPECT_TRUE(hello->extensions.empty());
}

TEST(ClientHello, KeepsTheOtherExtensionsWhenOneIsDamaged) {
  const auto hello = decode(hex("0303" + kRandom +
                                "00 0002 1301 01 00"
                                "000c"
                                "0000 0002 00ff"  // server_name that lies
                                "000b 0002 01 00"),
                            read_client_hello);
  ASSERT_TRUE(hello.has_value());
  EXPECT_FALSE(hello->server_name.has_value());
  EXPECT_EQ(hello->extensions.size(), 2U);
  EXPECT_EQ(hello->ec_point_formats.size(), 1U);
}

TEST(Grease, IsKnownByItsPattern) {
  EXPECT_TRUE(is_grease(0x0a0a));
  EXPECT_TRUE(is_grease(0xfafa));
  EXPECT_FALSE(is_grease(0x0a1a));
  EXPECT_FALSE(is_grease(0x1301));
}

TEST(ServerHello, TakesTheVersionOfTheExtension) {
  const auto bytes = hex("0303" + kRandom + "00 1301 00 0006 002b 0002 0304");
  const auto hello = decode(bytes, read_server_hello);
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->legacy_version, 0x0303);
  EXPECT_EQ(hello->selected_version, 0x0304);
  EXPECT_EQ(hello->cipher_suite, 0x1301);
  EXPECT_FALSE(hello->is_retry_request);
  testing::expect_reader_laws(bytes, read_server_hello);
}

TEST(ServerHello, IsARetryRequestByItsRandom) {
  const auto hello = decode(
      hex("0303 cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c 00 1301 00"),
      read_server_hello);
  ASSERT_TRUE(hello.has_value());
  EXPECT_TRUE(hello->is_retry_request);
}

}  // namespace
}  // namespace remora::tls
