#include "dissect/pnrp/message.h"

#include <gtest/gtest.h>

#include "tests/dissect/pnrp/pieces.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::pnrp {
namespace {

using testing::hex;

// LOOKUP, [MS-PNRP] 2.2.2.8.
const auto kLookup =
    hex("0010 000c 51 04 00 0b 00000001"
        "0045 000c 0002 0000 00 01 0000"
        "0038 0024" +
        id_text("21") + "0039 0024" + id_text("99") + "009a 003a" + route_text() +
        "0000"
        "009e 000c 0000 0008 009d 0012");

TEST(Message, LooksForANameAndTellsItsOwn) {
  const auto message = decode(kLookup, read_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->type, MessageType::kLookup);
  EXPECT_EQ(message->id, 1U);
  EXPECT_EQ(message->lookup_reason, Message::kRegistration);
  ASSERT_TRUE(message->route_entry.has_value());
  EXPECT_EQ(message->target, successor(message->route_entry->id));
  EXPECT_TRUE(message->validate.has_value());
  testing::expect_reader_laws(kLookup, read_message);
}

TEST(Message, MayBeAPieceOfABuffer) {
  const auto message = decode(hex("0010 000c 51 04 00 08 00000002 0018 0008 00000007"
                                  "0098 0008 0500 04a4 aabbcc"),
                              read_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->acked_id, 7U);
  ASSERT_TRUE(message->fragment.has_value());
  EXPECT_EQ(message->fragment->size, 0x500);
  EXPECT_EQ(message->fragment->offset, 1188);
  EXPECT_EQ(message->fragment->bytes.size(), 3U);
}

TEST(Message, IsKnownByItsHeader) {
  EXPECT_TRUE(is_pnrp(kLookup));
  EXPECT_FALSE(is_pnrp(ByteView{kLookup}.first(11)));
  for (std::size_t at = 0; at < 7; ++at) {
    auto other = kLookup;
    other[at] ^= std::byte{1};
    EXPECT_FALSE(is_pnrp(other)) << at;
  }
  auto other = kLookup;
  other[7] = std::byte{5};
  EXPECT_FALSE(is_pnrp(other));
}

}  // namespace
}  // namespace remora::pnrp
