#include "dissect/assistance_offer/novice_info.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/encoding/utf16.h"
#include "tests/dissect/dcom/stub.h"
#include "tests/support/der.h"
#include "tests/support/laws.h"

namespace remora::assistance_offer {
namespace {

using dcom::little;
using testing::hex;

// ORPCTHAT, szName behind its pointer, the result; [MS-RAI] 3.3.4.1.1.
const auto kString =
    hex("00000000 00000000 00000200 04000000 00000000 04000000 3c00 4500 3e00 0000 00000000");

TEST(NoviceUserInfo, GivesAConnectionString) {
  const auto reply = decode(kString, little(read_novice_user_info_reply));
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(encoding::utf16le_to_utf8(reply->connection_string), "<E>");
  EXPECT_EQ(reply->result, 0U);
  testing::expect_reader_laws(kString, little(read_novice_user_info_reply));
}

TEST(NoviceUserInfo, OrAnError) {
  const auto reply =
      decode(hex("00000000 00000000 00000000 52000780"), little(read_novice_user_info_reply));
  ASSERT_TRUE(reply.has_value());
  EXPECT_TRUE(reply->connection_string.empty());
  EXPECT_EQ(reply->result, 0x80070052U);
}

TEST(ListedSession, IsAnAccountAndANumber) {
  EXPECT_EQ(parse_listed_session("CORP\\dave:2"),
            (ListedSession{.account = {.user = "dave", .domain = "CORP"}, .session_id = 2}));
  EXPECT_FALSE(parse_listed_session("CORP\\dave").has_value());
  EXPECT_FALSE(parse_listed_session("CORP\\dave:").has_value());
  EXPECT_FALSE(parse_listed_session("CORP\\dave:2x").has_value());
  EXPECT_FALSE(parse_listed_session(":2").has_value());
}

// SAFEARRAY of BSTR, [MS-OAUT] 2.2.30.10: count of bounds, cDims, fFeatures, cbElements, cLocks,
// sfType, Size, aBstr, bounds; the array, whose second string is null; Count, result.
const auto kList =
    hex("00000000 00000000 00000200"
        "01000000 0100 8001 04000000 00000800 08000000 02000000 04000200 02000000 00000000"
        "02000000 08000200 00000000"
        "05000000 0a000000 05000000 4400 5c00 6500 3a00 3100"
        "0000 01000000 00000000");

TEST(SessionInfo, ListsWhoIsLoggedOn) {
  const auto reply = decode(kList, little(read_session_info_reply));
  ASSERT_TRUE(reply.has_value());
  ASSERT_EQ(reply->sessions.size(), 1U);
  EXPECT_EQ(reply->sessions[0],
            (ListedSession{.account = {.user = "e", .domain = "D"}, .session_id = 1}));
  EXPECT_EQ(reply->result, 0U);
  testing::expect_reader_laws(kList, little(read_session_info_reply));
}

TEST(SessionInfo, RefusesOtherArrays) {
  auto other = kList;
  other[28] = std::byte{3};  // SF_I4
  EXPECT_FALSE(decode(other, little(read_session_info_reply)).has_value());
}

}  // namespace
}  // namespace remora::assistance_offer
