#include "dissect/mail/smtp_dissector.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/mail/mails.h"

namespace remora::mail {
namespace {

const std::string kSeen = "SMTP Dave in Invitation.msrcIncident; ";

[[nodiscard]] std::vector<Said> greeted() {
  return {server("220 mx.corp.example ESMTP\r\n"), client("EHLO ws\r\n"),
          server("250-mx.corp.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n")};
}
[[nodiscard]] std::vector<Said> with(std::vector<Said> more) {
  auto talk = greeted();
  talk.insert(talk.end(), more.begin(), more.end());
  return talk;
}
[[nodiscard]] std::vector<Said> data(const std::string& text, const char* answer = "250 ok\r\n") {
  return with({client("MAIL FROM:<a@corp.example>\r\nRCPT TO:<b@corp.example>\r\nDATA\r\n"),
               server("250 ok\r\n250 ok\r\n354 go on\r\n"), client(text), server(answer),
               client("QUIT\r\n"), server("221 bye\r\n")});
}

TEST(SmtpDissector, FindsATicketInAMailHoweverTheStreamIsCut) {
  const auto talk = data(dotted(mail_with_ticket()));
  EXPECT_EQ(told(hear(talk).found), kSeen);
  EXPECT_EQ(hear(talk).found.at(0).from, Side::kInitiator);
  expect_same_in_pieces(talk);
}

TEST(SmtpDissector, FindsWhatTheServerRefuses) {
  EXPECT_EQ(told(hear(data(dotted(mail_with_ticket()), "554 no\r\n")).found), kSeen);
}

TEST(SmtpDissector, ReadsSeveralMailsOfOneConnection) {
  auto talk = data(dotted(mail_with_ticket()));
  const auto second = data(dotted("Subject: x\r\n\r\n" + testing::vista_ticket() + "\r\n"));
  talk.pop_back();
  talk.pop_back();
  talk.insert(talk.end(), second.begin() + 3, second.end());
  EXPECT_EQ(told(hear(talk).found), kSeen + "SMTP carol; ");
  expect_same_in_pieces(talk);
}

TEST(SmtpDissector, TellsARefusedDataFromAMail) {
  const auto talk =
      with({client("MAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n"),
            server("250 ok\r\n550 who\r\n554 no\r\n"), client("RSET\r\n"), server("250 ok\r\n"),
            client("DATA\r\n"), server("354 go on\r\n"), client(dotted(mail_with_ticket()))});
  EXPECT_EQ(told(hear(talk).found), kSeen);
  expect_same_in_pieces(talk);
}

TEST(SmtpDissector, ReadsWhatItHearsOfTheClientAlone) {
  const std::vector<Said> talk{client("EHLO ws\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n"),
                               client(dotted(mail_with_ticket())), client("QUIT\r\n")};
  EXPECT_EQ(told(hear(talk).found), kSeen);
  expect_same_in_pieces(talk);
}

TEST(SmtpDissector, LetsTheClientDecideWhereTheGreetingDoesNot) {
  auto talk = data(dotted(mail_with_ticket()));
  talk.front() = server("220 welcome\r\n");
  EXPECT_EQ(told(hear(talk).found), kSeen);
  expect_same_in_pieces(talk);
}

TEST(SmtpDissector, ReadsChunks) {
  const auto mail = mail_with_ticket();
  const auto talk =
      with({client("MAIL FROM:<a@b> BODY=BINARYMIME\r\nRCPT TO:<b@c>\r\nBDAT 300\r\n" +
                   mail.substr(0, 300)),
            server("250 ok\r\n250 ok\r\n250 300 octets\r\n"),
            client("BDAT " + std::to_string(mail.size() - 300) + "\r\n" + mail.substr(300) +
                   "BDAT 0 LAST\r\n"),
            server("250 ok\r\n250 ok\r\n"),
            client("MAIL FROM:<a@b>\r\nBDAT " + std::to_string(mail.size()) + " last\r\n" + mail +
                   "QUIT\r\n")});
  EXPECT_EQ(told(hear(talk).found), kSeen + kSeen);
  expect_same_in_pieces(talk);
}

TEST(SmtpDissector, HandsOverToTls) {
  const std::string hello{"\x16\x03\x01\x00\x05", 5};
  auto talk = with({client("STARTTLS\r\n"), server("220 go\r\n"), client(hello)});
  // What it finds there is told by the family that reads it.
  EXPECT_EQ(hear(talk).conversation.tail_bytes(), 5U);
  EXPECT_TRUE(hear(talk).conversation.wants_more());
  // The server's answer was not captured, or came late.
  talk.erase(talk.end() - 2);
  EXPECT_EQ(hear(talk).conversation.tail_bytes(), 5U);
  expect_same_in_pieces(talk);
}

TEST(SmtpDissector, TakesALoneDotBetweenLineFeedsForTheEndIfTheServerDoes) {
  const auto mail = "Subject: x\n\n" + testing::xp_ticket() + "\n.\n";
  EXPECT_EQ(told(hear(data(mail)).found), "SMTP Dave; ");
  // To this server it was text: the mail goes on.
  const auto talk =
      data("Subject: x\r\n\r\nsmuggled\n.\nTo: you\r\n" + testing::xp_ticket() + "\r\n.\r\n");
  EXPECT_EQ(told(hear(talk).found), "SMTP Dave; ");
  expect_same_in_pieces(talk);
  // To this one it was the end.
  const auto two = data("Subject: x\r\n\r\nfirst\n.\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n" +
                        dotted(mail_with_ticket()));
  EXPECT_EQ(told(hear(two).found), kSeen);
  expect_same_in_pieces(two);
}

TEST(SmtpDissector, RefusesATicketThatIsCutOff) {
  auto mail = mail_with_ticket();
  const auto talk = data(dotted(mail.erase(mail.find("--=_b--") - 200) + "\r\n"));
  EXPECT_EQ(told(hear(talk).found).substr(0, 8), "refused ");
  expect_same_in_pieces(talk);
}

TEST(SmtpDissector, GoesOnBehindHoles) {
  Heard heard;
  const auto mail = dotted(mail_with_ticket());
  const auto say = [&heard](Side side, std::string_view text) { heard.say(side, text); };
  say(Side::kInitiator, "EHLO ws\r\n");
  // DATA is in the hole; the server grants it.
  heard.conversation.on_gap(Side::kInitiator, 100, {}, heard.found);
  say(Side::kAcceptor, "250 ok\r\n354 go on\r\n");
  say(Side::kInitiator, "rest of DATA\r\n");
  say(Side::kInitiator, mail);
  EXPECT_EQ(told(heard.found), kSeen);
  // In the ticket itself: it is given up.
  say(Side::kInitiator, "DATA\r\n");
  say(Side::kAcceptor, "354 go on\r\n");
  const auto hole = mail.find("PD94");
  say(Side::kInitiator, std::string_view{mail}.substr(0, hole + 40));
  heard.conversation.on_gap(Side::kInitiator, 20, {}, heard.found);
  say(Side::kInitiator, std::string_view{mail}.substr(hole + 60));
  EXPECT_EQ(told(heard.found), kSeen);
  say(Side::kInitiator, "DATA\r\n");
  say(Side::kAcceptor, "354 go on\r\n");
  say(Side::kInitiator, mail);
  EXPECT_EQ(told(heard.found), kSeen + kSeen);
}

TEST(SmtpDissector, HoldsNothingOfAMail) {
  Heard heard;
  for (const auto& said : data("Content-Type: image/png\r\n\r\n" + std::string(1'000'000, 'x'))) {
    heard.say(said.from, said.text);
    EXPECT_LT(heard.conversation.tail_bytes(), 16U);
  }
}

TEST(SmtpDissector, LeavesWhatHasNoCommands) {
  auto talk = greeted();
  std::string junk;
  for (std::uint32_t line = 0; line <= SmtpDissector::kMaxStrangeLines; ++line) { junk += "x\r\n"; }
  talk.push_back(client(junk));
  EXPECT_EQ(hear(talk).conversation.recognition(), Recognition::kNothing);
}

TEST(SmtpDissector, SurvivesDamage) {
  const std::vector<Said> talk{
      client("EHLO ws\r\nBDAT 30\r\nSubject: x\r\n\r\nbegin 644 x\r\n#"),
      client("BDAT 2 LAST\r\n.\rDATA\r\n"), server("354 x\r\n"),
      client("Content-Type: message/rfc822\r\n\r\n\r\n.\n.x\r\n.\r\nSTARTTLS\r\n")};
  expect_survives_damage(talk);
  expect_same_in_pieces(talk);
}

}  // namespace
}  // namespace remora::mail
