#include "dissect/names/host_address.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::names {
namespace {

IpAddress ip(const char* text) {
  return IpAddress::parse(text).value();
}

TEST(HostAddress, IsOneMachines) {
  for (const auto* good :
       {"192.0.2.1", "10.0.0.1", "169.254.7.7", "2001:db8::1", "fe80::1", "fd00::1"}) {
    EXPECT_TRUE(is_host_address(ip(good))) << good;
  }
  for (const auto* bad : {"0.0.0.0", "127.0.0.1", "224.0.0.251", "255.255.255.255", "::", "::1",
                          "ff02::fb", "::ffff:192.0.2.1"}) {
    EXPECT_FALSE(is_host_address(ip(bad))) << bad;
  }
}

TEST(HostAddress, HasASiblingOfTheSameInterface) {
  EXPECT_TRUE(is_link_local_sibling(ip("2001:db8::a:b:c:d"), ip("fe80::a:b:c:d")));
  EXPECT_TRUE(is_link_local_sibling(ip("fe80::a:b:c:d"), ip("2001:db8::a:b:c:d")));
  EXPECT_FALSE(is_link_local_sibling(ip("2001:db8::a:b:c:d"), ip("fe80::a:b:c:e")));
  EXPECT_FALSE(is_link_local_sibling(ip("2001:db8::a:b:c:d"), ip("2001:db8:1::a:b:c:d")));
  EXPECT_FALSE(is_link_local_sibling(ip("192.0.2.1"), ip("fe80::1")));
}

TEST(HostAddress, ObeysTheLawsOfReaders) {
  remora::testing::expect_reader_laws(remora::testing::hex("c0000201"),
                                      [](Cursor& in) { return read_ipv4(in, "address"); });
  remora::testing::expect_reader_laws(remora::testing::hex("20010db8 00000000 00000000 00000001"),
                                      [](Cursor& in) { return read_ipv6(in, "address"); });
}

}  // namespace
}  // namespace remora::names
