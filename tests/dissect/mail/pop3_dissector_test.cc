#include "dissect/mail/pop3_dissector.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/mail/mails.h"

namespace remora::mail {
namespace {

const std::string kSeen = "POP3 Dave in Invitation.msrcIncident; ";

[[nodiscard]] std::vector<Said> logged_in(std::vector<Said> more) {
  std::vector<Said> talk{server("+OK ready\r\n"), client("USER eva\r\n"), server("+OK\r\n"),
                         client("PASS x\r\n"), server("+OK logged in\r\n")};
  talk.insert(talk.end(), more.begin(), more.end());
  return talk;
}

TEST(Pop3Dissector, FindsATicketInAMailHoweverTheStreamIsCut) {
  const auto talk = logged_in({client("STAT\r\n"), server("+OK 1 900\r\n"), client("RETR 1\r\n"),
                               server("+OK 900 octets\r\n" + dotted(mail_with_ticket())),
                               client("QUIT\r\n"), server("+OK bye\r\n")});
  EXPECT_EQ(told(hear(talk).found), kSeen);
  EXPECT_EQ(hear(talk).found.at(0).from, Side::kAcceptor);
  expect_same_in_pieces(talk);
}

TEST(Pop3Dissector, MatchesAnswersWithPipelinedCommands) {
  const auto mail = dotted(mail_with_ticket());
  const auto talk =
      logged_in({client("LIST\r\nUIDL 2\r\nRETR 9\r\nRETR 1\r\nRETR 2\r\nNOOP\r\n"),
                 server("+OK\r\n1 900\r\n2 900\r\n.\r\n+OK 2 id-2\r\n-ERR no such\r\n+OK\r\n" +
                        mail + "+OK\r\n" + mail + "+OK\r\n")});
  EXPECT_EQ(told(hear(talk).found), kSeen + "POP3 Dave in Invitation.msrcIncident at eva/id-2; ");
  expect_same_in_pieces(talk);
}

TEST(Pop3Dissector, TellsWhatWasDeletedWhenTheClientQuits) {
  const auto mail = dotted(mail_with_ticket());
  const auto talk =
      logged_in({client("RETR 1\r\n"), server("+OK\r\n" + mail), client("DELE 1\r\n"),
                 server("+OK marked\r\n"), client("QUIT\r\n"), server("+OK bye\r\n")});
  EXPECT_EQ(told(hear(talk).found), kSeen + "deleted Dave; ");
  EXPECT_EQ(hear(talk).found.at(1).from, Side::kInitiator);
  expect_same_in_pieces(talk);
  auto unmarked = talk;
  unmarked.insert(unmarked.end() - 2, {client("RSET\r\n"), server("+OK\r\n")});
  EXPECT_EQ(told(hear(unmarked).found), kSeen);
  auto dropped = talk;
  dropped.pop_back();
  EXPECT_EQ(told(hear(dropped).found), kSeen);
}

TEST(Pop3Dissector, TellsWhereADeletedMailLayThatItDidNotSee) {
  const auto talk = logged_in({client("UIDL\r\n"), server("+OK\r\n1 id-1\r\n2 id-2\r\n.\r\n"),
                               client("DELE 2\r\n"), server("+OK marked\r\n"), client("QUIT\r\n"),
                               server("+OK bye\r\n")});
  EXPECT_EQ(told(hear(talk).found), "deleted at eva/id-2; ");
  expect_same_in_pieces(talk);
}

TEST(Pop3Dissector, DoesNotTakeTheFirstLinesForTheWholeMail) {
  const auto mail = "Subject: x\r\n\r\n" + testing::xp_ticket().substr(0, 200) + "\r\n.\r\n";
  const auto talk = logged_in({client("TOP 1 1\r\n"), server("+OK\r\n" + mail)});
  EXPECT_EQ(told(hear(talk).found), "");
}

TEST(Pop3Dissector, ReadsWhatItHearsOfTheServerAlone) {
  const std::vector<Said> talk{server("+OK ready\r\n+OK\r\n+OK\r\n+OK 1 900\r\n"),
                               server("+OK 900 octets\r\n" + dotted(mail_with_ticket())),
                               server("+OK bye\r\n")};
  EXPECT_EQ(told(hear(talk).found), kSeen);
  expect_same_in_pieces(talk);
}

TEST(Pop3Dissector, PassesOverALoginByChallenges) {
  const std::vector<Said> talk{server("+OK ready\r\n"),
                               client("AUTH CRAM-MD5\r\n"),
                               server("+ PDEyMzQ+\r\n"),
                               client("QUIT\r\n"),  // reads as a command, and is none
                               server("+OK logged in\r\n"),
                               client("RETR 1\r\n"),
                               server("+OK\r\n" + dotted(mail_with_ticket()))};
  EXPECT_EQ(told(hear(talk).found), kSeen);
  expect_same_in_pieces(talk);
}

TEST(Pop3Dissector, HandsOverToTls) {
  const std::vector<Said> talk{server("+OK ready\r\n"), client("STLS\r\n"), server("+OK begin\r\n"),
                               client(std::string{"\x16\x03\x01\x00\x05", 5})};
  EXPECT_EQ(hear(talk).conversation.tail_bytes(), 5U);
  EXPECT_TRUE(hear(talk).conversation.wants_more());
  expect_same_in_pieces(talk);
}

TEST(Pop3Dissector, GoesOnBehindHoles) {
  Heard heard;
  const auto say = [&heard](Side side, std::string_view text) { heard.say(side, text); };
  say(Side::kAcceptor, "+OK ready\r\n");
  say(Side::kInitiator, "RETR 1\r\nRETR 2\r\n");
  heard.conversation.on_gap(Side::kAcceptor, 500, {}, heard.found);
  say(Side::kAcceptor, "of a line\r\n+OK\r\n" + dotted(mail_with_ticket()));
  EXPECT_EQ(told(heard.found), kSeen);
}

TEST(Pop3Dissector, SurvivesDamage) {
  const std::vector<Said> talk{
      server("+OK ready\r\n"), client("UIDL\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n"),
      server("+OK\r\n1 a\r\n.\r\n+OK\r\nSubject: x\r\n\r\n..x\r\n.\r\n"), server("+OK\r\n+OK\r\n")};
  expect_survives_damage(talk);
  expect_same_in_pieces(talk);
}

}  // namespace
}  // namespace remora::mail
