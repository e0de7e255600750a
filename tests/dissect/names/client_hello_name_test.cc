#include "dissect/names/client_hello_name.h"

#include "dissect/names/family.h"
#include "tests/dissect/names/told.h"
#include "tests/support/hex.h"

namespace remora::names {
namespace {

using remora::testing::hex;
using testing::Words;

constexpr testing::Sent kToServer{.source = "192.0.2.10",
                                  .source_port = 50000,
                                  .destination = "198.51.100.20",
                                  .destination_port = 443};

/// RFC 8446 5.1, 4 and 4.1.2.
const std::string kHead =
    "16 0301 0067"            // handshake, TLS 1.0 for the sake of old peers, length
    "01 000063"               // client_hello, length
    "0303"                    // legacy_version
    + std::string(64, '0') +  // random
    "20" + std::string(64, '0') +
    "0002 1301"  // cipher_suites
    "01 00"      // legacy_compression_methods
    "0018";      // extensions
const std::string kGroups = "000a 0004 0002 001d";
const std::string kName = "0000 000c 000a 00 0007 7765622e6c616e";  // web.lan
const std::string kHello = kHead + kGroups + kName;

Words overheard(const testing::Sent& sent, ByteView segment) {
  Findings out;
  server_name_family().overhear(to_datagram(sent, segment), out);
  Words words;
  for (const auto& finding : out.found()) { words.push_back(testing::to_text(finding)); }
  return words;
}

TEST(ClientHelloName, TellsWhatTheClientCallsTheServer) {
  EXPECT_EQ(overheard(kToServer, hex(kHello)),
            Words{"tls.server_name: 198.51.100.20 is web.lan to 192.0.2.10"});
}

TEST(ClientHelloName, IsReadThoughTheHelloGoesOn) {
  EXPECT_EQ(to_server_name(hex(kHello + "0015 0400 0000")), "web.lan");
}

TEST(ClientHelloName, IsMissingWhereItComesInALaterSegment) {
  for (std::size_t size = 0; size < hex(kHello).size(); ++size) {
    EXPECT_EQ(to_server_name(ByteView{hex(kHello)}.first(size)), std::nullopt) << size;
  }
  EXPECT_EQ(to_server_name(hex(kHead + kGroups)), std::nullopt);
}

TEST(ClientHelloName, IsNoAddressAndNoOtherKindOfName) {
  EXPECT_EQ(to_server_name(hex(kHead + "0000 000e 000c 00 0009 3139322e302e322e37")), std::nullopt);
  EXPECT_EQ(to_server_name(hex(kHead + "0000 000c 000a 01 0007 7765622e6c616e")), std::nullopt);
}

TEST(ClientHelloName, IsInAHelloOnly) {
  auto other = hex(kHello);
  other[5] = std::byte{2};
  EXPECT_EQ(to_server_name(other), std::nullopt) << "a ServerHello";
  EXPECT_EQ(to_server_name(hex("0300002a25e00000000000436f6f6b6965")), std::nullopt);
}

TEST(ClientHelloName, DoesNoHarmWhenDamaged) {
  remora::testing::for_every_changed_byte(
      hex(kHello), [](const std::vector<std::byte>& bytes) { (void)overheard(kToServer, bytes); });
}

}  // namespace
}  // namespace remora::names
