#include "dissect/rdp/gcc/client_multitransport.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(ClientMultitransport, KeepsItsFlags) {
  EXPECT_EQ(decode(hex("05030000"), read_client_multitransport)->flags, 0x305U);
  testing::expect_reader_laws(hex("05030000"), read_client_multitransport);
}

TEST(ClientMessageChannel, KeepsItsFlags) {
  EXPECT_EQ(decode(hex("00000000"), read_client_message_channel)->flags, 0U);
  EXPECT_EQ(decode(hex("00"), read_client_message_channel).error().field, "flags");
}

}  // namespace
}  // namespace remora::rdp
