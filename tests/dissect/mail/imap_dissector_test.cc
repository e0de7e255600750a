#include "dissect/mail/imap_dissector.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/mail/mails.h"

namespace remora::mail {
namespace {

const std::string kName = "IMAP Dave in Invitation.msrcIncident";

[[nodiscard]] std::string literal(const std::string& bytes) {
  return "{" + std::to_string(bytes.size()) + "}\r\n" + bytes;
}

[[nodiscard]] std::vector<Said> selected(std::vector<Said> more) {
  std::vector<Said> talk{
      server("* OK ready {5}\r\n"), client("a1 LOGIN \"eva\" {3+}\r\nxyz\r\n"),
      server("a1 OK logged in\r\n"), client("a2 SELECT INBOX\r\n"),
      server("* 9 EXISTS\r\n* OK [UIDVALIDITY 5] valid\r\na2 OK [READ-WRITE] selected\r\n")};
  talk.insert(talk.end(), more.begin(), more.end());
  return talk;
}

TEST(ImapDissector, FindsATicketInAFetchedMailHoweverTheStreamIsCut) {
  const auto talk = selected({client("a3 FETCH 7 (UID BODY[])\r\n"),
                              server("* 7 FETCH (UID 17 BODY[] " + literal(mail_with_ticket()) +
                                     " FLAGS (\\Seen))\r\na3 OK done\r\n")});
  EXPECT_EQ(told(hear(talk).found), kName + " at eva:INBOX;5/17; ");
  EXPECT_EQ(hear(talk).found.at(0).from, Side::kAcceptor);
  expect_same_in_pieces(talk);
}

TEST(ImapDissector, KnowsTheIdThatTheClientAskedFor) {
  const auto talk = selected(
      {client("a3 UID FETCH 17 BODY.PEEK[]\r\n"),
       server("* 7 FETCH (BODY[] " + literal(mail_with_ticket()) + " UID 17)\r\na3 OK done\r\n")});
  EXPECT_EQ(told(hear(talk).found), kName + " at eva:INBOX;5/17; ");
}

TEST(ImapDissector, FindsATicketInAPartThatWasDescribed) {
  const auto talk = selected(
      {client("a3 FETCH 7 BODYSTRUCTURE\r\n"),
       server("* 7 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1)"
              "(\"APPLICATION\" \"X-MSRC\" NIL NIL NIL \"BASE64\" 482 NIL "
              "(\"ATTACHMENT\" (\"FILENAME\" \"Invitation.msrcIncident\")) NIL) \"MIXED\"))\r\n"
              "a3 OK\r\n"),
       client("a4 FETCH 7 BODY[2]\r\n"),
       server("* 7 FETCH (BODY[2] " + literal(base64(testing::xp_ticket())) + ")\r\na4 OK\r\n")});
  EXPECT_EQ(told(hear(talk).found), kName + "; ");
  expect_same_in_pieces(talk);
}

TEST(ImapDissector, FindsATicketInAPartWhoseHeadersCameAlone) {
  const auto headers = std::string{
      "Content-Type: application/octet-stream; name=a.msrcIncident\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n"};
  const auto talk = selected({client("a3 FETCH 7 (BODY[2.MIME] BODY[2])\r\n"),
                              server("* 7 FETCH (BODY[2.MIME] " + literal(headers) + " BODY[2] " +
                                     literal(base64(testing::xp_ticket())) + ")\r\na3 OK\r\n")});
  EXPECT_EQ(told(hear(talk).found), "IMAP Dave in a.msrcIncident; ");
  expect_same_in_pieces(talk);
}

TEST(ImapDissector, FindsATicketInAPartThatNobodyDescribed) {
  const auto talk = selected(
      {client("a3 FETCH 7 BODY[2]\r\n"),
       server("* 7 FETCH (BODY[2] " + literal(base64(testing::xp_ticket())) + ")\r\na3 OK\r\n")});
  EXPECT_EQ(told(hear(talk).found), "IMAP Dave; ");
  expect_same_in_pieces(talk);
}

TEST(ImapDissector, FindsATicketInTheTextBehindAHeader) {
  const auto mail = mail_with_ticket();
  const auto end = mail.find("\r\n\r\n") + 4;
  const auto talk =
      selected({client("a3 FETCH 7 (RFC822.HEADER RFC822.TEXT)\r\n"),
                server("* 7 FETCH (RFC822.HEADER " + literal(mail.substr(0, end)) +
                       " RFC822.TEXT " + literal(mail.substr(end)) + ")\r\na3 OK\r\n")});
  EXPECT_EQ(told(hear(talk).found), kName + "; ");
  expect_same_in_pieces(talk);
}

TEST(ImapDissector, FindsATicketThatTheServerDecoded) {
  const auto talk = selected(
      {client("a3 FETCH 7 BINARY[2]\r\n"),
       server("* 7 FETCH (BINARY[2] ~" + literal(testing::xp_ticket()) + ")\r\na3 OK\r\n")});
  EXPECT_EQ(told(hear(talk).found), "IMAP Dave; ");
  expect_same_in_pieces(talk);
}

TEST(ImapDissector, PutsPartialFetchesTogether) {
  const auto mail = mail_with_ticket();
  const auto part = [&mail](std::size_t from, std::size_t size) {
    return "* 7 FETCH (BODY[]<" + std::to_string(from) + "> " + literal(mail.substr(from, size)) +
           ")\r\n";
  };
  const auto in_order = selected({client("a3 FETCH 7 BODY[]<0.300>\r\n"), server(part(0, 300)),
                                  server(part(300, 400)), server(part(700, 4000))});
  EXPECT_EQ(told(hear(in_order).found), kName + "; ");
  expect_same_in_pieces(in_order);
  const auto mixed = selected({client("a3 FETCH 7 BODY[]<0.300>\r\n"), server(part(700, 4000)),
                               server(part(300, 400)), server(part(0, 500))});
  EXPECT_EQ(told(hear(mixed).found), kName + "; ");
  expect_same_in_pieces(mixed);
}

TEST(ImapDissector, FindsTicketsInWhatIsAppended) {
  const auto mail = mail_with_ticket();
  const auto talk = selected(
      {client("a3 APPEND {5}\r\n"), server("+ go on\r\n"), client("INBOX (\\Seen) {9}\r\n"),
       server("a3 NO too big\r\n"),
       client("a4 APPEND \"Sent\" (\\Seen) {" + std::to_string(mail.size()) + "+}\r\n" + mail +
              "\r\n"),
       server("a4 OK [APPENDUID 5 99] done\r\n"),
       client("a5 APPEND INBOX ~{" + std::to_string(mail.size()) + "+}\r\n" + mail + "\r\n"),
       server("a5 OK [APPENDUID 5 30] done\r\n* VANISHED 30\r\n")});
  EXPECT_EQ(told(hear(talk).found), kName + "; " + kName + "; deleted Dave at eva:INBOX;5/30; ");
  expect_same_in_pieces(talk);
}

TEST(ImapDissector, TellsWhatIsExpungedOrMoved) {
  const auto fetched = [](const char* what) {
    return selected(
        {client("a3 FETCH 7 (UID BODY[])\r\n"),
         server("* 7 FETCH (UID 17 BODY[] " + literal(mail_with_ticket()) + ")\r\na3 OK done\r\n"),
         client(what)});
  };
  const auto seen = kName + " at eva:INBOX;5/17; ";
  auto expunged = fetched("a4 STORE 7 +FLAGS (\\Deleted)\r\na5 EXPUNGE\r\n");
  expunged.push_back(server("* 7 FETCH (FLAGS (\\Deleted))\r\na4 OK\r\n* 7 EXPUNGE\r\na5 OK\r\n"));
  EXPECT_EQ(told(hear(expunged).found), seen + "deleted Dave at eva:INBOX;5/17; ");
  EXPECT_EQ(hear(expunged).found.at(1).from, Side::kInitiator);
  expect_same_in_pieces(expunged);

  auto moved = fetched("a4 UID MOVE 17 Trash\r\n");
  moved.push_back(server("* OK [COPYUID 6 17 1] moved\r\n* 3 EXPUNGE\r\n* 6 EXPUNGE\r\na4 OK\r\n"));
  EXPECT_EQ(told(hear(moved).found), seen + "deleted Dave at eva:INBOX;5/17; ");

  auto closed = fetched("a4 UID STORE 17 +FLAGS.SILENT (\\Deleted)\r\na5 CLOSE\r\n");
  closed.push_back(server("a4 OK\r\na5 OK\r\n"));
  EXPECT_EQ(told(hear(closed).found), seen + "deleted Dave at eva:INBOX;5/17; ");
  closed.back() = server("a4 NO\r\na5 OK\r\n");
  EXPECT_EQ(told(hear(closed).found), seen);
}

TEST(ImapDissector, TellsWhereADeletedMailLayThatItDidNotSee) {
  const auto talk = selected({client("a3 UID FETCH 1:* (FLAGS)\r\n"),
                              server("* 1 FETCH (UID 4 FLAGS ())\r\n* 2 FETCH (FLAGS () UID 9)\r\n"
                                     "a3 OK\r\n"),
                              client("a4 UID EXPUNGE 9\r\n"), server("* 2 EXPUNGE\r\na4 OK\r\n")});
  EXPECT_EQ(told(hear(talk).found), "deleted at eva:INBOX;5/9; ");
  expect_same_in_pieces(talk);
}

TEST(ImapDissector, PassesOverWhatIsOfNoInterest) {
  const std::string large(200'000, 'x');
  const auto talk = selected(
      {client("a3 FETCH 1:3 (BODY[HEADER.FIELDS (TO)] ENVELOPE)\r\n"),
       server("* 1 FETCH (BODY[HEADER.FIELDS (TO)] " + literal(large) + " ENVELOPE (\"d\" " +
              literal("x)\r\n") + " NIL NIL) UID 3)\r\n* LIST () \"/\" " + literal("a\r\nb") +
              "\r\n* 2 FETCH (BODY[1] \"short\" BODY[2] NIL BODY[3] " + literal("") + ")\r\n"),
       server("* 7 FETCH (BODY[] " + literal(mail_with_ticket()) + ")\r\na3 OK\r\n")});
  EXPECT_EQ(told(hear(talk).found), kName + "; ");
}

TEST(ImapDissector, HandsOverToTlsAndLeavesWhatIsCompressed) {
  const std::vector<Said> talk{server("* OK ready\r\n"), client("1 STARTTLS\r\n"),
                               server("1 OK begin\r\n"),
                               client(std::string{"\x16\x03\x01\x00\x05", 5})};
  EXPECT_EQ(hear(talk).conversation.tail_bytes(), 5U);
  EXPECT_TRUE(hear(talk).conversation.wants_more());
  expect_same_in_pieces(talk);
  EXPECT_EQ(hear(selected({client("a3 COMPRESS DEFLATE\r\n"), server("a3 OK\r\n")}))
                .conversation.recognition(),
            Recognition::kNothing);
}

TEST(ImapDissector, GoesOnBehindHoles) {
  Heard heard;
  const auto mail = mail_with_ticket();
  const auto say = [&heard](std::string_view text) { heard.say(Side::kAcceptor, text); };
  say("* OK ready\r\n* 1 FETCH (BODY[] {1000}\r\nSubject: x\r\n");
  heard.conversation.on_gap(Side::kAcceptor, 500, {}, heard.found);  // inside the literal
  say(std::string(488, 'x') + ")\r\n* 2 FETCH (BODY[] " + literal(mail) + ")\r\n");
  EXPECT_EQ(told(heard.found), kName + "; ");
  say("* 3 FETCH (BODY[] {10}\r\n");
  heard.conversation.on_gap(Side::kAcceptor, 500, {}, heard.found);  // beyond it
  say("rest\r\n* 4 FETCH (BODY[] " + literal(mail) + ")\r\n");
  EXPECT_EQ(told(heard.found), kName + "; " + kName + "; ");
}

TEST(ImapDissector, HoldsNothingOfAMail) {
  Heard heard;
  for (const auto& said : selected(
           {server("* 7 FETCH (BODY[] {1000000000}\r\n"), server(std::string(1'000'000, 'x'))})) {
    heard.say(said.from, said.text);
    EXPECT_LT(heard.conversation.tail_bytes(), 16U);
  }
  EXPECT_TRUE(heard.conversation.wants_more());
}

TEST(ImapDissector, SurvivesDamage) {
  const auto talk = selected(
      {client("a3 UID STORE 1:* +FLAGS (\\Deleted)\r\na4 APPEND {1+}\r\nx {2+}\r\nab\r\n"),
       server("* 7 FETCH (UID 17 BODYSTRUCTURE (\"a\" \"b\" (\"c\" \"d\")) BODY[2]<3> {4}\r\nabcd "
              "BODY[1.MIME] {2}\r\n\r\n BODY[TEXT] \"x\")\r\n* VANISHED 3:9\r\na4 OK\r\n")});
  expect_survives_damage(talk);
  expect_same_in_pieces(talk);
}

}  // namespace
}  // namespace remora::mail
