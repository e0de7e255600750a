#include "dissect/pnrp/pnrp_id.h"

#include <algorithm>
#include <string_view>

#include <gtest/gtest.h>

#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"
#include "tests/dissect/pnrp/pieces.h"
#include "tests/support/hex.h"

namespace remora::pnrp {
namespace {

using testing::hex;

PnrpId id_of(const std::string& text) {
  return decode(hex(text), [](Cursor& in) { return read_pnrp_id(in, "id"); }).value();
}

TEST(PnrpId, MayBeTransmittedInReverse) {
  auto bytes = hex(id_text());
  std::ranges::reverse(bytes);
  const auto reversed = decode(bytes, [](Cursor& in) { return read_reversed_pnrp_id(in, "id"); });
  EXPECT_EQ(reversed.value(), id_of(id_text()));
}

TEST(PnrpId, HasASuccessor) {
  EXPECT_EQ(successor(id_of(id_text("20"))), id_of(id_text("21")));
  EXPECT_EQ(successor(id_of(id_text("ff")))[30], std::byte{0x20});
  EXPECT_EQ(successor(id_of(id_text("ff")))[31], std::byte{0});
}

TEST(PnrpId, IsMadeOfClassifierAuthorityAndLocation) {
  // [MS-PNRP] 1.3.1.2 over "0." and the classifier of the dossier's 6.1 in UTF-16LE.
  std::string characters;
  for (const char c : std::string_view{"410504D41B2CD63C31D0C1539AD9331C"}) {
    characters += c;
    characters += '\0';
  }
  const auto id = make_pnrp_id(encoding::sha1(as_bytes(characters)), {}, {});
  EXPECT_EQ(encoding::to_hex(ByteView{id}.first(16)), "c55fae1f3cb11a6bbd4e76c9ff340732");
  EXPECT_EQ(encoding::to_hex(ByteView{id}.last(16)), "00000000000000000000000000000000");
}

TEST(TicketKey, DiffersFromNameToName) {
  EXPECT_EQ(ticket_key(id_of(id_text())), ticket_key(id_of(id_text())));
  EXPECT_NE(ticket_key(id_of(id_text())), ticket_key(id_of(id_text("21"))));
}

}  // namespace
}  // namespace remora::pnrp
