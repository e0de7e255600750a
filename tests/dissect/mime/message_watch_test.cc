#include "dissect/mime/message_watch.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/mail/mails.h"

namespace remora::mime {
namespace {

[[nodiscard]] std::string found_in_pieces(std::string_view message, std::size_t size) {
  MessageWatch watch{{.protocol = "SMTP"}, nothing_given()};
  Findings out;
  for (std::size_t at = 0; at < message.size(); at += size) {
    watch.on_bytes(Side::kInitiator, as_bytes(message.substr(at, size)), {}, out);
  }
  watch.on_end(Side::kInitiator, {}, out);
  return mail::told(out.found()) + std::to_string(watch.keys().size());
}

/// What is found, the same however the message is cut, and the number of keys.
[[nodiscard]] std::string found(std::string_view message) {
  auto whole = found_in_pieces(message, message.size() + 1);
  for (const std::size_t size : {1U, 2U, 3U, 7U, 50U, 76U, 1460U}) {
    EXPECT_EQ(found_in_pieces(message, size), whole) << "in pieces of " << size;
  }
  return whole;
}

[[nodiscard]] std::string mail_of(const std::string& headers, const std::string& body) {
  return "Subject: x\r\n" + headers + "\r\n\r\n" + body;
}

TEST(MessageWatch, FindsATicketWhateverItIsCalled) {
  const auto ticket = testing::xp_ticket();
  for (const auto* type : {"application/octet-stream", "text/html", "image/png", "text/plain",
                           "application/x-msrcincident; name=a.msrcIncident"}) {
    const auto named = std::string{type}.find("name=") != std::string::npos;
    EXPECT_EQ(found(mail_of(
                  "Content-Type: " + std::string{type} + "\r\nContent-Transfer-Encoding: base64",
                  mail::base64(ticket))),
              named ? "SMTP Dave in a.msrcIncident; 1" : "SMTP Dave; 1")
        << type;
  }
}

TEST(MessageWatch, FindsTicketsInTextAndBehindBegin) {
  EXPECT_EQ(found(mail_of("X: y", "See:\r\n" + testing::xp_ticket() + "\r\nand\r\n" +
                                      testing::vista_ticket() + "\r\n")),
            "SMTP Dave; SMTP carol; 2");
}

TEST(MessageWatch, FindsEveryTicketOfAMail) {
  const auto part = "--b\r\nContent-Type: a/b\r\n\r\n" + testing::xp_ticket() + "\r\n";
  EXPECT_EQ(found(mail_of("Content-Type: multipart/mixed; boundary=b", part + part + "--b--\r\n")),
            "SMTP Dave; SMTP Dave; 2");
}

TEST(MessageWatch, RefusesWhatClaimsToBeATicket) {
  const auto broken = testing::xp_ticket().substr(0, 200);
  EXPECT_EQ(found(mail_of("Content-Type: a/b; name=a.msrcIncident", broken)).substr(0, 8),
            "refused ");
  EXPECT_EQ(found(mail_of("Content-Type: a/b", broken)).substr(0, 8), "refused ");
}

TEST(MessageWatch, FindsNothingInOrdinaryMail) {
  EXPECT_EQ(found(mail_of("Content-Type: text/xml", "<?xml version=\"1.0\"?><a><UPLOADINFO/></a>")),
            "0");
  EXPECT_EQ(found(mail_of("X: y", "An <UPLOADINFO has an RCTICKET=\"65538,1,\" in it.\r\n")), "0");
  EXPECT_EQ(found(mail_of("Content-Type: text/html", "<html><body>UPLOADINFO</body></html>")), "0");
}

TEST(MessageWatch, TellsEachOddityOnce) {
  std::string deep;
  for (int level = 0; level < 100; ++level) {
    const auto name = "b" + std::to_string(level);
    deep += "Content-Type: multipart/x; boundary=" + name + "\r\n\r\n--" + name + "\r\n";
  }
  EXPECT_EQ(found(deep), "mime.too_deep; 0");
}

TEST(MessageWatch, KeepsOnlySoMuchOfABeginningThatDoesNotDecide) {
  EXPECT_EQ(found(mail_of("Content-Type: a/b", std::string(100'000, ' ') + testing::xp_ticket())),
            "0");
}

}  // namespace
}  // namespace remora::mime
