#include "dissect/proxy/proxy_header.h"

#include <gtest/gtest.h>

#include "dissect/proxy/family.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"
#include "tests/support/talk.h"

namespace remora::proxy {
namespace {

using observation::ProxyAsked;
using observation::ProxyKind;
using testing::from_client;
using testing::from_server;
using testing::hear;
using testing::hex;
using testing::text_bytes;

constexpr std::string_view kVersion1{"PROXY TCP4 192.0.2.10 198.51.100.20 49152 3389\r\n"};
const auto kVersion2 =
    hex("0d0a0d0a000d0a515549540a"  // signature
        "21 11 0010"                // PROXY, TCP over IPv4, length
        "c000020a c6336414"         // 192.0.2.10, 198.51.100.20
        "c000 0d3d"                 // 49152, 3389
        "04 0001 00");              // PP2_TYPE_NOOP
const auto kLocal = hex("0d0a0d0a000d0a515549540a 20 00 0000");
const auto kConnectionRequest = hex("0300 0013 0e e0 0000 0000 00 01 00 0800 00000000");

TEST(ProxyHeader, OfBothVersionsNamesTheClient) {
  for (const auto& bytes : {text_bytes(kVersion1), kVersion2}) {
    const auto header = read_proxy_header(bytes);
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(header->client->to_text(), "192.0.2.10:49152");
    EXPECT_EQ(header->destination->to_text(), "198.51.100.20:3389");
  }
}

TEST(ProxyHeader, HasTheHostThatTheClientAskedFor) {
  const std::string start = "0d0a0d0a000d0a515549540a 21 11 ";
  const std::string ends = "c000020a c6336414 c000 0d3d ";
  const auto header =
      read_proxy_header(hex(start + "001a" + ends + "04 0001 00 02 0007 7264732e636f72"));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->authority, "rds.cor");
  // One that goes beyond the header takes nothing of the addresses with it.
  const auto cut = read_proxy_header(hex(start + "0010" + ends + "02 0007 72"));
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(cut->authority, "");
  EXPECT_TRUE(cut->client.has_value());
}

TEST(ProxyHeader, OfIpv6) {
  const auto first = read_proxy_header(as_bytes("PROXY TCP6 2001:db8::1 2001:db8::2 5 6\r\n"));
  EXPECT_EQ(first->client->to_text(), "[2001:db8::1]:5");
  const auto second = read_proxy_header(
      hex("0d0a0d0a000d0a515549540a 21 21 0024"
          "20010db8000000000000000000000001 20010db8000000000000000000000002 0005 0006"));
  EXPECT_EQ(second->client->to_text(), "[2001:db8::1]:5");
}

TEST(ProxyHeader, NamesNobodyWhereItHasNobodyToName) {
  for (const auto& bytes :
       {kLocal, text_bytes("PROXY UNKNOWN\r\n"), hex("0d0a0d0a000d0a515549540a 21 31 0002 0000"),
        hex("0d0a0d0a000d0a515549540a 21 12 0002 0000")}) {
    const auto header = read_proxy_header(bytes);
    ASSERT_TRUE(header.has_value());
    EXPECT_FALSE(header->client.has_value());
  }
}

TEST(ProxyHeader, ThatCannotBeReadIsNone) {
  EXPECT_FALSE(read_proxy_header(as_bytes("PROXY TCP4 192.0.2.10\r\n")).has_value());
  EXPECT_FALSE(read_proxy_header(as_bytes("PROXY TCP4 a b 1 2\r\n")).has_value());
  EXPECT_FALSE(read_proxy_header(hex("0d0a0d0a000d0a515549540a 21 11 0004 c000020a")).has_value());
}

TEST(ProxyHeader, SurvivesDamage) {
  for (const auto& bytes : {text_bytes(kVersion1), kVersion2}) {
    testing::for_every_truncation(bytes, [](const auto& cut) { (void)read_proxy_header(cut); });
    testing::for_every_changed_byte(bytes, [](const auto& changed) {
      (void)measure_proxy_header(changed);
      (void)read_proxy_header(changed);
    });
  }
}

TEST(ProxyHeader, IsRecognisedWhenWhole) {
  const auto recognise = proxy_header_family().recognise;
  for (const auto& bytes : {text_bytes(kVersion1), kVersion2}) {
    EXPECT_EQ(recognise(bytes), Verdict::kYes);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_EQ(recognise(ByteView{bytes}.first(size)), Verdict::kMore) << size;
    }
  }
  EXPECT_EQ(recognise(as_bytes("POST / HTTP/1.1")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("PROXY TCP9")), Verdict::kNo);
  EXPECT_EQ(recognise(as_bytes("PROXY TCP4 " + std::string(100, '1'))), Verdict::kNo);
  EXPECT_EQ(recognise(hex("0d0a0d0a00000a")), Verdict::kNo);
  EXPECT_EQ(recognise(hex("0d0a0d0a000d0a515549540a 11")), Verdict::kNo);
}

TEST(ProxyHeader, IsFollowedByRdp) {
  for (const auto& bytes : {text_bytes(kVersion1), kVersion2}) {
    const std::vector talk{from_client(bytes), from_client(kConnectionRequest)};
    const auto heard = hear(talk);
    ASSERT_EQ(heard.found.size(), 2U) << heard.rules();
    const auto asked = heard.only<ProxyAsked>();
    EXPECT_EQ(asked.client->to_text(), "192.0.2.10:49152");
    EXPECT_EQ(asked.target->to_text(), "198.51.100.20:3389");
    (void)heard.only<observation::ConnectionRequested>();
    testing::expect_same_in_pieces(talk);
    testing::expect_survives_damage(talk);
  }
}

TEST(ProxyHeader, OfABalancersOwnCheckSaysNothing) {
  const auto heard = hear({from_client(kLocal), from_client(kConnectionRequest)});
  EXPECT_EQ(heard.rules(), "x224.connection_request ");
}

TEST(ProxyHeader, ThatCannotBeReadIsFollowedByRdpAllTheSame) {
  const auto heard =
      hear({from_client(text_bytes("PROXY TCP4 x\r\n")), from_client(kConnectionRequest)});
  EXPECT_EQ(heard.rules(), "proxy.header x224.connection_request ");
}

}  // namespace
}  // namespace remora::proxy
