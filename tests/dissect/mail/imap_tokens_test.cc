#include "dissect/mail/imap_tokens.h"

#include <gtest/gtest.h>

namespace remora::mail {
namespace {

/// "( FLAGS ( \Seen ) 'quoted' {12} "
[[nodiscard]] std::string tokens(std::string_view line) {
  ImapTokens in{line};
  std::string text;
  while (true) {
    const auto token = in.next();
    switch (token.kind) {
      case ImapToken::Kind::kEnd:
        return text;
      case ImapToken::Kind::kOpen:
        text += "( ";
        break;
      case ImapToken::Kind::kClose:
        text += ") ";
        break;
      case ImapToken::Kind::kAtom:
        text += std::string{token.text} + " ";
        break;
      case ImapToken::Kind::kQuoted:
        text += "'" + unquoted(token.text) + "' ";
        break;
      case ImapToken::Kind::kLiteral:
        text += "{" + std::to_string(token.size) + (token.waits ? "" : "+") + "} ";
        break;
    }
  }
}

TEST(ImapTokens, AreAtomsStringsListsAndLiterals) {
  EXPECT_EQ(tokens(R"((FLAGS (\Seen) UID 17 X "a \"b\" \\c" NIL))"),
            R"(( FLAGS ( \Seen ) UID 17 X 'a "b" \c' NIL ) )");
  EXPECT_EQ(tokens("(BODY[HEADER.FIELDS (DATE TO)]<0> {12}"),
            "( BODY[HEADER.FIELDS (DATE TO)]<0> {12} ");
  EXPECT_EQ(tokens("BINARY[2] ~{3}"), "BINARY[2] {3} ");
  EXPECT_EQ(tokens("x {5+}"), "x {5+} ");
}

TEST(ImapTokens, SurviveWhatIsNone) {
  EXPECT_EQ(tokens("\"never ended"), "'never ended' ");
  EXPECT_EQ(tokens("\"ends with \\"), "'ends with \\' ");
  EXPECT_EQ(tokens("{x} {12"), "{x} {12 ");
  EXPECT_EQ(tokens("BODY[ (x"), "BODY[ (x ");
}

TEST(ImapTokens, FindTheLiteralAtTheEnd) {
  EXPECT_EQ(literal_at_end("a APPEND INBOX {310}").size, 310U);
  EXPECT_FALSE(literal_at_end("a APPEND INBOX {310+}").waits);
  EXPECT_EQ(literal_at_end("nothing {99999999999}").kind, ImapToken::Kind::kEnd);
  EXPECT_EQ(literal_at_end("nothing }").kind, ImapToken::Kind::kEnd);
}

TEST(ImapTokens, ReadSets) {
  EXPECT_TRUE(in_set("1,3:5,9:*", 1));
  EXPECT_FALSE(in_set("1,3:5,9:*", 2));
  EXPECT_TRUE(in_set("1,5:3", 4));
  EXPECT_TRUE(in_set("9:*", 1000));
  EXPECT_FALSE(in_set("x,,:", 0));
}

}  // namespace
}  // namespace remora::mail
