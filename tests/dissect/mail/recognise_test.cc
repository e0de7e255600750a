#include "dissect/mail/recognise.h"

#include <gtest/gtest.h>

namespace remora::mail {
namespace {

[[nodiscard]] Verdict smtp(std::string_view text) {
  return recognise_smtp(as_bytes(text));
}
[[nodiscard]] Verdict pop3(std::string_view text) {
  return recognise_pop3(as_bytes(text));
}
[[nodiscard]] Verdict imap(std::string_view text) {
  return recognise_imap(as_bytes(text));
}

TEST(RecogniseSmtp, ByAGreetingThatNamesIt) {
  EXPECT_EQ(smtp("220 mx.corp.example ESMTP Postfix\r\n"), Verdict::kYes);
  EXPECT_EQ(smtp("220-mx Microsoft Smtp Server"), Verdict::kYes);
  EXPECT_EQ(smtp("220 ftp.corp.example FTP ready\r\n"), Verdict::kNo);
  EXPECT_EQ(smtp("220 ftp"), Verdict::kMore);  // SMTP may still follow
  EXPECT_EQ(smtp("220 welcome\r\n"), Verdict::kMore);
  EXPECT_EQ(smtp("22"), Verdict::kMore);
  EXPECT_EQ(smtp("221 bye\r\n"), Verdict::kNo);
  EXPECT_EQ(smtp("220 " + std::string(600, 'x')), Verdict::kNo);
}

TEST(RecogniseSmtp, ByTheFirstCommandOfTheClient) {
  EXPECT_EQ(smtp("EHLO ws\r\n"), Verdict::kYes);
  EXPECT_EQ(smtp("helo ws"), Verdict::kYes);
  EXPECT_EQ(smtp("LHLO ws"), Verdict::kYes);
  EXPECT_EQ(smtp("EHL"), Verdict::kMore);
  EXPECT_EQ(smtp("MAIL FROM:<a@b>"), Verdict::kYes);
  EXPECT_EQ(smtp("USER eva\r\n"), Verdict::kNo);
  EXPECT_EQ(smtp("GET / HTTP/1.1\r\n"), Verdict::kNo);
}

TEST(RecogniseSmtp, PassesOverLinesThatSayNothing) {
  EXPECT_EQ(smtp("NOOP\r\n"), Verdict::kMore);
  EXPECT_EQ(smtp("NOOP\r\nEHLO x\r\n"), Verdict::kYes);
  EXPECT_EQ(smtp("NOOP\r\nUSER eva\r\n"), Verdict::kNo);
  EXPECT_EQ(smtp("NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n"), Verdict::kNo);
}

TEST(RecognisePop3, ByStatusOrCommand) {
  EXPECT_EQ(pop3("+OK Dovecot ready.\r\n"), Verdict::kYes);
  EXPECT_EQ(pop3("+O"), Verdict::kMore);
  EXPECT_EQ(pop3("+OK\r\n"), Verdict::kMore);  // Redis says so too
  EXPECT_EQ(pop3("+OKAY"), Verdict::kNo);
  EXPECT_EQ(pop3("CAPA\r\n"), Verdict::kYes);
  EXPECT_EQ(pop3("APOP eva c4c9334bac560ecc979e58001b3e22fb\r\n"), Verdict::kYes);
  EXPECT_EQ(pop3("USER eva\r\n"), Verdict::kNo);
}

TEST(RecogniseImap, ByGreetingOrTaggedCommand) {
  EXPECT_EQ(imap("* OK [CAPABILITY IMAP4rev1] ready\r\n"), Verdict::kYes);
  EXPECT_EQ(imap("* PREAUTH ready\r\n"), Verdict::kYes);
  EXPECT_EQ(imap("* O"), Verdict::kMore);
  EXPECT_EQ(imap("* OKAY"), Verdict::kNo);
  EXPECT_EQ(imap("a001 login eva x\r\n"), Verdict::kYes);
  EXPECT_EQ(imap("1 CAPABILITY\r\n"), Verdict::kYes);
  EXPECT_EQ(imap("A1 CAP"), Verdict::kMore);
  EXPECT_EQ(imap("a0"), Verdict::kMore);
  EXPECT_EQ(imap("USER login\r\n"), Verdict::kNo);
  EXPECT_EQ(imap("a001 hello\r\n"), Verdict::kNo);
  EXPECT_EQ(imap(std::string(40, '1') + " LOGIN"), Verdict::kNo);
}

TEST(Recognise, LeavesOtherTraffic) {
  for (const std::string_view other :
       {"SSH-2.0-OpenSSH_9.2p1\r\n", "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n", "\x03\x00\x00\x13\x0e",
        "\x16\x03\x01\x02\x00\x01", "HTTP/1.1 200 OK\r\n", "\x05\x01\x00", "NICK 1 LOGIN\r\n",
        "*1\r\n$4\r\nPING\r\n", "ver 18\r\n"}) {
    EXPECT_EQ(smtp(other), Verdict::kNo) << other;
    EXPECT_EQ(pop3(other), Verdict::kNo) << other;
    EXPECT_EQ(imap(other), Verdict::kNo) << other;
  }
}

}  // namespace
}  // namespace remora::mail
