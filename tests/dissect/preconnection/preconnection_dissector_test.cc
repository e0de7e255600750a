#include "dissect/preconnection/preconnection_dissector.h"

#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/families.h"
#include "tests/support/hex.h"

namespace remora::preconnection {
namespace {

using testing::hex;

const auto kPduAndRequest =
    hex("10000000 00000000 01000000 130ddd55"
        "0300 0013 0e e0 0000 0000 00 01 00 0800 00000000");

TEST(PreconnectionDissector, TellsTheIdAndHandsOverToRdp) {
  for (std::size_t cut = 0; cut <= kPduAndRequest.size(); ++cut) {
    Conversation conversation{all_families()};
    std::vector<Finding> found;
    const ByteView bytes{kPduAndRequest};
    conversation.on_bytes(Side::kInitiator, bytes.first(cut), {}, found);
    conversation.on_bytes(Side::kInitiator, bytes.subspan(cut), {}, found);
    ASSERT_EQ(found.size(), 2U) << "cut at " << cut;
    const auto* preconnection = std::get_if<observation::Preconnection>(&found[0].what);
    ASSERT_NE(preconnection, nullptr);
    EXPECT_EQ(preconnection->id, 1440550163U);
    EXPECT_TRUE(std::holds_alternative<observation::ConnectionRequested>(found[1].what));
  }
}

}  // namespace
}  // namespace remora::preconnection
