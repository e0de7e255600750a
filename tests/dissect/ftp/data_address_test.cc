#include "dissect/ftp/data_address.h"

#include <gtest/gtest.h>

namespace remora::ftp {
namespace {

TEST(DataAddress, ReadsSixNumbersWhereverTheyStand) {
  for (const auto* text : {"192,0,2,25,195,80", "Entering passive mode (192,0,2,25,195,80).",
                           "Entering Passive Mode 1 192,0,2,25,195,80"}) {
    const auto read = read_host_port(text);
    ASSERT_TRUE(read.has_value()) << text;
    EXPECT_EQ(read->address, IpAddress::parse("192.0.2.25"));
    EXPECT_EQ(read->port, Port{50000});
  }
  for (const auto* text :
       {"", "192,0,2,25,195", "192,0,2,256,195,80", "1,2,3,4,0,0", "1;2;3;4;5;6"}) {
    EXPECT_FALSE(read_host_port(text).has_value()) << text;
  }
}

TEST(DataAddress, ReadsTheExtendedForm) {
  const auto port = read_extended_address("Entering extended passive mode (|||50000|).");
  ASSERT_TRUE(port.has_value());
  EXPECT_FALSE(port->address.has_value());
  EXPECT_EQ(port->port, Port{50000});
  const auto all = read_extended_address("|2|2001:db8::25|50000|");
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(all->address, IpAddress::parse("2001:db8::25"));
  EXPECT_EQ(read_extended_address("!1!192.0.2.25!50000!")->address, IpAddress::parse("192.0.2.25"));
  for (const auto* text :
       {"", "(", "(|||0|)", "(|||65536|)", "(|||50000", "(|||5x|)", "|1|192.0.2.25|"}) {
    EXPECT_FALSE(read_extended_address(text).has_value()) << text;
  }
}

TEST(DataAddress, ReadsQuotedPaths) {
  EXPECT_EQ(read_quoted_path(R"("/pub/a b" is the current directory.)"), "/pub/a b");
  EXPECT_EQ(read_quoted_path(R"("/a ""b""" created)"), R"(/a "b")");
  EXPECT_EQ(read_quoted_path(R"("/open)"), "");
  EXPECT_EQ(read_quoted_path("/pub"), "");
}

}  // namespace
}  // namespace remora::ftp
