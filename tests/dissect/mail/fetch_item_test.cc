#include "dissect/mail/fetch_item.h"

#include <gtest/gtest.h>

namespace remora::mail {
namespace {

using What = FetchItem::What;

TEST(FetchItem, TellsWhatIsFetched) {
  EXPECT_EQ(read_fetch_item("BODY[]").what, What::kMessage);
  EXPECT_EQ(read_fetch_item("rfc822").what, What::kMessage);
  EXPECT_EQ(read_fetch_item("RFC822.TEXT").what, What::kText);
  EXPECT_EQ(read_fetch_item("RFC822.HEADER").section, "TEXT");
  EXPECT_EQ(read_fetch_item("BODY[HEADER]").what, What::kHeader);
  EXPECT_EQ(read_fetch_item("BODY[HEADER.FIELDS (DATE)]").what, What::kOther);
  EXPECT_EQ(read_fetch_item("RFC822.SIZE").what, What::kOther);
  EXPECT_EQ(read_fetch_item("FLAGS").what, What::kOther);
}

TEST(FetchItem, NamesTheSectionThatABodyIsDescribedUnder) {
  EXPECT_EQ(read_fetch_item("BODY[2.1]").what, What::kPart);
  EXPECT_EQ(read_fetch_item("BODY[2.1]").section, "2.1");
  EXPECT_EQ(read_fetch_item("BODY[2.MIME]").what, What::kMime);
  EXPECT_EQ(read_fetch_item("BODY[2.MIME]").section, "2");
  EXPECT_EQ(read_fetch_item("BODY[2.TEXT]").section, "2.TEXT");
  EXPECT_EQ(read_fetch_item("BODY[2.HEADER]").section, "2.TEXT");
  EXPECT_TRUE(read_fetch_item("BINARY[2]").decoded);
}

TEST(FetchItem, TellsWhereAPartialFetchBegins) {
  EXPECT_EQ(read_fetch_item("BODY[2]<4096>").origin, 4096U);
  EXPECT_FALSE(read_fetch_item("BODY[2]").origin.has_value());
  EXPECT_EQ(read_fetch_item("BODY[2]<x>").what, What::kOther);
}

TEST(FetchItem, SurvivesWhatIsNone) {
  EXPECT_EQ(read_fetch_item("BODY[").what, What::kOther);
  EXPECT_EQ(read_fetch_item("BODY]2[").what, What::kOther);
  EXPECT_EQ(read_fetch_item("BODY[" + std::string(100, '1') + "]").what, What::kOther);
}

}  // namespace
}  // namespace remora::mail
