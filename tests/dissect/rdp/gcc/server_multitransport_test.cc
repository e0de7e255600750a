#include "dissect/rdp/gcc/server_multitransport.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ServerMessageChannel, GivesItsId) {
  EXPECT_EQ(decode(hex("f003"), read_server_message_channel)->mcs_channel_id, 1008);
  testing::expect_reader_laws(hex("f003"), read_server_message_channel);
}

TEST(ServerMultitransport, KeepsItsFlags) {
  EXPECT_EQ(decode(hex("05030000"), read_server_multitransport)->flags, 0x305U);
  EXPECT_EQ(decode(hex("0503"), read_server_multitransport).error().field, "flags");
}

}  // namespace
}  // namespace remora::rdp
