#include "dissect/dcom/dual_string_array.h"

#include <gtest/gtest.h>

#include "tests/dissect/dcom/stub.h"
#include "tests/support/laws.h"

namespace remora::dcom {
namespace {

using testing::hex;

std::vector<StringBinding> read_packet(Cursor& in) {
  return read_dual_string_array(in);
}
std::vector<StringBinding> read_ndr(ndr::NdrReader& in) {
  return read_dual_string_array(in);
}

// [MS-DCOM] 2.2.19.1: wNumEntries, wSecurityOffset; "a[80]", "::1", a null; no security but its
// null.
const auto kArray =
    hex("0f00 0e00"
        "0700 6100 5b00 3800 3000 5d00 0000"
        "0700 3a00 3a00 3100 0000 0000 0000"
        "0000");

TEST(DualStringArray, HasHostsWithAndWithoutEndpoints) {
  const auto bindings = decode(kArray, read_packet);
  ASSERT_TRUE(bindings.has_value());
  ASSERT_EQ(bindings->size(), 2U);
  EXPECT_EQ(
      bindings->at(0),
      (StringBinding{
          .tower = StringBinding::Tower::kTcp, .host = "a", .endpoint = "80", .port = Port{80}}));
  EXPECT_EQ(bindings->at(1).address, IpAddress::parse("::1"));
  EXPECT_EQ(bindings->at(1).endpoint, "");
}

TEST(DualStringArray, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(kArray, read_packet);
}

TEST(DualStringArray, OfTheLeastSizeIsEmpty) {
  EXPECT_TRUE(decode(hex("0400 0200 0000 0000 0000 0000"), read_packet).value().empty());
}

TEST(DualStringArray, RefusesSecurityBindingsBeyondItsEnd) {
  EXPECT_FALSE(decode(hex("0400 0500 0000 0000 0000 0000"), read_packet).has_value());
  EXPECT_FALSE(decode(hex("0400 0200 0000"), read_packet).has_value());
}

TEST(DualStringArray, OfNdrHasItsCountFirst) {
  auto bytes = hex("0f000000");
  bytes.insert(bytes.end(), kArray.begin(), kArray.end());
  EXPECT_EQ(decode(bytes, little(read_ndr)).value().size(), 2U);
  testing::expect_reader_laws(bytes, little(read_ndr));
}

TEST(DualStringArray, KeepsAMachinesNamesThatAreNoAddresses) {
  // Tower 15 is a named pipe; "h[\pipe\x]" has no port.
  const auto bindings = decode(
      hex("0f00 0e00 0f00 6800 5b00 5c00 7000 6900 7000 6500 5c00 7800 5d00 0000 0000 0000 0000"),
      read_packet);
  ASSERT_TRUE(bindings.has_value());
  ASSERT_EQ(bindings->size(), 1U);
  EXPECT_EQ(bindings->at(0).tower, StringBinding::Tower::kNamedPipe);
  EXPECT_EQ(bindings->at(0).endpoint, "\\pipe\\x");
  EXPECT_FALSE(bindings->at(0).port.has_value());
}

}  // namespace
}  // namespace remora::dcom
