#include "dissect/assistance_offer/help_blob.h"

#include <gtest/gtest.h>

namespace remora::assistance_offer {
namespace {

TEST(HelpBlob, NamesTheExpert) {
  // The example of [MS-RAI] 3.1.4.1.1.
  EXPECT_EQ(parse_help_blob("13;UNSOLICITED=118;ID=EXDOMAIN\\EXUSER"),
            (Account{.user = "EXUSER", .domain = "EXDOMAIN"}));
  EXPECT_EQ(parse_help_blob("18;ID=EXDOMAIN\\EXUSER"),
            (Account{.user = "EXUSER", .domain = "EXDOMAIN"}));
}

TEST(HelpBlob, CountsCharactersNotBytes) {
  EXPECT_EQ(parse_help_blob("13;UNSOLICITED=19;ID=D\\zoé!x"),
            (Account{.user = "zoé!", .domain = "D"}));
}

TEST(HelpBlob, SaysNothingWhereItIsBroken) {
  for (const auto* blob : {"", ";", "13", "13;", "x;ID=a", "13;UNSOLICITED=1",
                           "99999999999999999999999;ID=a", "13;UNSOLICITED=1;ID=a", "0;0;0;"}) {
    EXPECT_EQ(parse_help_blob(blob).user, "") << blob;
  }
}

TEST(HelpBlob, EndsWithItsText) {
  EXPECT_EQ(parse_help_blob("40;ID=D\\short").user, "short");
}

TEST(Account, IsWrittenInSeveralWays) {
  EXPECT_EQ(parse_account("CORP\\\\alice"), (Account{.user = "alice", .domain = "CORP"}));
  EXPECT_EQ(parse_account("alice@corp.example"),
            (Account{.user = "alice", .domain = "corp.example"}));
  EXPECT_EQ(parse_account("alice"), (Account{.user = "alice", .domain = ""}));
  EXPECT_EQ(parse_account("CORP\\"), (Account{.user = "", .domain = "CORP"}));
}

}  // namespace
}  // namespace remora::assistance_offer
