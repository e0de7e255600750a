#include "dissect/mail/body_structure.h"

#include <gtest/gtest.h>

namespace remora::mail {
namespace {

/// "1 text/plain; 2 application/x a.txt base64; ", with what is left open at the end.
[[nodiscard]] std::string described(std::string_view text) {
  ImapTokens in{text.substr(1)};
  std::size_t depth = 0;
  std::string told;
  for (const auto& part : read_body_structure(in, depth)) {
    told += part.section + " " + part.headers.media_type;
    if (!part.headers.boundary.empty()) { told += " boundary " + part.headers.boundary; }
    if (!part.headers.file_name.empty()) { told += " " + part.headers.file_name; }
    if (part.headers.encoding == mime::TransferEncoding::kBase64) { told += " base64"; }
    told += "; ";
  }
  return depth == 0 ? told + std::string{in.rest()} : told + std::to_string(depth) + " open";
}

constexpr std::string_view kText{R"(("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 9 1))"};
constexpr std::string_view kTicket{
    R"(("APPLICATION" "OCTET-STREAM" ("NAME" "a \"b\".txt") NIL NIL "BASE64" 482 NIL )"
    R"(("ATTACHMENT" ("FILENAME" "Invitation.msrcIncident")) NIL))"};

TEST(BodyStructure, DescribesTheOnlyPart) {
  EXPECT_EQ(described(kTicket),
            "1 application/octet-stream Invitation.msrcIncident base64; "
            "TEXT application/octet-stream Invitation.msrcIncident base64; ");
}

TEST(BodyStructure, NumbersParts) {
  const auto mixed = "(" + std::string{kText} + std::string{kTicket} +
                     R"( "MIXED" ("BOUNDARY" "=_b") NIL NIL) UID 7))";
  EXPECT_EQ(described(mixed),
            "TEXT multipart/mixed boundary =_b; 1 text/plain; "
            "2 application/octet-stream Invitation.msrcIncident base64;  UID 7)");
  EXPECT_EQ(described("(" + mixed.substr(0, mixed.size() - 7) + kText.data() + R"( "MIXED"))"),
            "TEXT multipart/mixed; 1 multipart/mixed boundary =_b; 1.1 text/plain; "
            "1.2 application/octet-stream Invitation.msrcIncident base64; 2 text/plain; ");
}

TEST(BodyStructure, GoesIntoMessages) {
  const auto message = [](std::string_view body) {
    return R"(("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 900 ("date" NIL) )" + std::string{body} +
           " 20)";
  };
  EXPECT_EQ(described(message(kText)), "1 message/rfc822; 1.1 text/plain; TEXT message/rfc822; ");
  EXPECT_EQ(described(message("(" + std::string{kText} + R"( "MIXED" ("BOUNDARY" "x")))")),
            "1 message/rfc822; 1.TEXT multipart/mixed boundary x; 1.1 text/plain; "
            "TEXT message/rfc822; ");
}

TEST(BodyStructure, IsGivenUpAtALiteralOrAtItsLimits) {
  EXPECT_EQ(described(R"(("TEXT" ("X" {3})"), "2 open");
  EXPECT_EQ(described(R"(("TEXT" "PLAIN")"), "1 open");
  EXPECT_EQ(described(std::string(100, '(') + std::string(100, ')') + " x"), " x");
  std::string many = "(";
  for (int count = 0; count < 3000; ++count) { many += "NIL "; }
  EXPECT_EQ(described(many + ") x"), " x");
}

}  // namespace
}  // namespace remora::mail
