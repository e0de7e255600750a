#include "dissect/dcom/object_exporter.h"

#include <gtest/gtest.h>

#include "tests/dissect/dcom/stub.h"
#include "tests/support/laws.h"

namespace remora::dcom {
namespace {

// [MS-DCOM] 3.1.2.5.1.6: COMVERSION, the array behind its pointer, pReserved, status.
const auto kAlive = testing::hex(
    "0500 0700 00000200 06000000 0600 0500"
    "0700 5300 5200 0000 0000 0000"
    "00000000 00000000");

TEST(ServerAlive2, NamesTheMachine) {
  const auto bindings = decode(kAlive, little(read_server_alive2));
  ASSERT_TRUE(bindings.has_value());
  ASSERT_EQ(bindings->size(), 1U);
  EXPECT_EQ(bindings->at(0).host, "SR");
}

TEST(ServerAlive2, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(kAlive, little(read_server_alive2));
}

TEST(ResolveOxid, LacksTheVersion) {
  const auto bytes = std::vector<std::byte>(kAlive.begin() + 4, kAlive.end());
  EXPECT_EQ(decode(bytes, little(read_resolve_oxid)).value().size(), 1U);
  EXPECT_TRUE(decode(testing::hex("00000000"), little(read_resolve_oxid)).value().empty());
}

}  // namespace
}  // namespace remora::dcom
