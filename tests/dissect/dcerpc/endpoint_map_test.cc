#include "dissect/dcerpc/endpoint_map.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::dcerpc {
namespace {

using testing::hex;

constexpr auto kRaSrv = ndr::make_guid("F120A684-B926-447F-9DF4-C966CB785648");

/// [C706] appendix L: interface, transfer syntax, RPC, transport, network address.
const std::string kInterfaceFloors{
    "1300 0d84a620f126b97f449df4c966cb785648 0000 0200 0000"
    "1300 0d045d888aeb1cc9119fe808002b104860 0200 0200 0000 0100 0b 0200 0000"};
const std::string kTcpTower{"0500" + kInterfaceFloors + "0100 07 0200 c01c 0100 09 0400 c000020a"};
/// ncacn_np: \\PIPE\\a
const std::string kPipeTower{"0500" + kInterfaceFloors +
                             "0100 0f 0800 5c504950455c6100 0100 11 0200 6e00"};

std::vector<MappedInterface> read_reply(const std::string& text) {
  const auto read = [](Cursor& in) {
    ndr::NdrReader reader{in, true};
    return read_ept_map_reply(reader);
  };
  const auto mapped = decode(hex(text), read);
  return mapped ? *mapped : std::vector<MappedInterface>{};
}

TEST(Tower, SaysWhichPortServesAnInterface) {
  const auto tower = decode(hex(kTcpTower), read_tower);
  ASSERT_TRUE(tower.has_value() && tower->has_value());
  EXPECT_EQ((*tower)->interface, kRaSrv);
  EXPECT_EQ((*tower)->port, Port{49180});
}

TEST(Tower, MayLeadElsewhere) {
  for (const auto& text : {kPipeTower, "0300" + kInterfaceFloors, std::string{"0000"}}) {
    const auto tower = decode(hex(text), read_tower);
    ASSERT_TRUE(tower.has_value()) << text;
    EXPECT_FALSE(tower->has_value()) << text;
  }
}

TEST(Tower, IsNotReadBeyondItsEnd) {
  const auto whole = hex(kTcpTower);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(),
                                     whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(decode(cut, read_tower).has_value()) << size;
  }
  EXPECT_FALSE(decode(hex("ffff"), read_tower).has_value());
}

TEST(EptMap, TellsTheTowersThatLeadToPorts) {
  const std::string head = std::string(40, '0') + "02000000 04000000 00000000";
  const std::string towers = "4b000000 4b000000" + kTcpTower + "00";
  EXPECT_EQ(read_reply(head + "01000000 03000000" + towers + "00000000").size(), 1U);
  const auto both = read_reply(head + "03000000 03000000 00000000 05000000 4f000000 4f000000" +
                               kPipeTower + "00" + towers + "00000000");
  ASSERT_EQ(both.size(), 1U);
  EXPECT_EQ(both[0], (MappedInterface{.interface = kRaSrv, .port = Port{49180}}));
  EXPECT_TRUE(read_reply(head + "00000000 d6a0c916").empty());
}

TEST(EptMap, HasItsLimits) {
  const std::string head = std::string(40, '0') + "02000000 04000000 00000000";
  EXPECT_TRUE(read_reply(head + "ffffffff").empty());
  EXPECT_TRUE(read_reply(head + "01000000 03000000 ffffffff ffffffff").empty());
}

}  // namespace
}  // namespace remora::dcerpc
