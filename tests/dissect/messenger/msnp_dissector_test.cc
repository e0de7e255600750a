#include "dissect/messenger/msnp_dissector.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/messenger/msnp_command.h"
#include "tests/support/talk.h"
#include "tests/support/ticket_texts.h"

namespace remora::messenger {
namespace {

using namespace testing;

std::string message(std::string_view payload) {
  return "MSG alice@example.com Alice " + std::to_string(payload.size()) + "\r\n" +
         std::string{payload};
}

std::string invitation(std::string_view context) {
  return "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n"
         "Application-Name: Ask for Remote Assistance\r\n"
         "Application-GUID: {56b994a7-380f-410b-9985-c809d78c1bdc}\r\n"
         "Invitation-Command: CONTEXT\r\nInvitation-Cookie: 12345\r\nContext-Data: " +
         std::string{context} + "\r\n\r\n";
}

std::vector<Said> talk(const std::string& payload) {
  return {from_client(text_bytes("USR 1 bob@example.com 1835953129.2\r\n")),
          from_server(text_bytes("USR 1 OK bob@example.com Bob\r\nJOI alice@example.com Alice\r\n" +
                                 message("MIME-Version: 1.0\r\n\r\nhello 65538,1, there") +
                                 message(payload) + message("\r\n"))),
          from_client(text_bytes("OUT\r\n"))};
}

TEST(MsnpDissector, FindsTheConnectionStringInAnInvitationsContext) {
  const auto said = talk(invitation(kConnectionString1));
  const auto heard = hear(said);
  const auto seen = heard.only<observation::TicketSeen>();
  EXPECT_STREQ(seen.carriage.protocol, "MSN");
  EXPECT_EQ(seen.ticket.format, observation::Ticket::Format::kConnectionString1);
  EXPECT_EQ(seen.ticket.addresses.size(), 2U);
  EXPECT_EQ(seen.carriage.sender, "alice@example.com");
  EXPECT_EQ(seen.carriage.receiver, "bob@example.com");
  EXPECT_EQ(heard.found.at(0).from, Side::kAcceptor);
  expect_same_in_pieces(said);
}

TEST(MsnpDissector, KnowsWhoSendsWhatTheClientSays) {
  const auto payload = invitation(kConnectionString1);
  const auto heard = hear(
      {from_client(text_bytes("ANS 1 bob@example.com 123.4 11752013\r\n")),
       from_server(text_bytes("IRO 1 1 1 alice@example.com Alice\r\nANS 1 OK\r\n")),
       from_client(text_bytes("MSG 2 N " + std::to_string(payload.size()) + "\r\n" + payload))});
  const auto seen = heard.only<observation::TicketSeen>();
  EXPECT_EQ(seen.carriage.sender, "bob@example.com");
  EXPECT_EQ(seen.carriage.receiver, "alice@example.com");
}

TEST(MsnpDissector, NamesNoReceiverWhereThereMayBeSeveral) {
  const auto payload = invitation(kConnectionString1);
  const auto mine = "MSG 2 N " + std::to_string(payload.size()) + "\r\n" + payload;
  const auto said = [&](const std::string& joined) {
    return hear({from_client(text_bytes("ANS 1 bob@example.com 123.4 11752013\r\n")),
                 from_server(text_bytes(joined)), from_client(text_bytes(mine))})
        .only<observation::TicketSeen>()
        .carriage.receiver;
  };
  EXPECT_EQ(said("JOI alice@example.com Alice\r\nJOI eve@example.com Eve\r\n"), "");
  EXPECT_EQ(said("JOI eve@example.com Eve\r\nBYE eve@example.com\r\n"), "");
  EXPECT_EQ(said("JOI eve@example.com Eve\r\nBYE eve@example.com\r\nJOI alice@example.com A\r\n"),
            "alice@example.com");
}

TEST(MsnpDissector, FindsItInUtf16AndInBase64) {
  const auto wide = utf16le(kConnectionString2, false);
  EXPECT_EQ(hear(talk(invitation(as_text(wide)))).rules(), "ticket.seen ");
  // base64 of "65538,1,192.0.2.20:3389,*,AAEC,*,*,AAECAwQFBgcICQoLDA0ODxAREhM="
  EXPECT_EQ(hear(talk(invitation("NjU1MzgsMSwxOTIuMC4yLjIwOjMzODksKixBQUVDLCosKixBQUVDQXdRRkJnY0lD"
                                 "UW9MREEwT0R4QVJFaE09")))
                .rules(),
            "ticket.seen ");
}

TEST(MsnpDissector, RefusesWhatTheEndOfTheConnectionCutsOff) {
  auto said = talk(invitation(xp_ticket()));
  auto& last = said.at(1).bytes;
  const auto whole = as_text(last);
  last.resize(whole.find("DtStart"));
  for (const std::size_t piece : {1U, 100U, 10'000U}) {
    auto heard = hear({said.at(0), said.at(1)}, piece);
    EXPECT_TRUE(heard.found.empty()) << piece;
    heard.conversation.on_end(Side::kInitiator, {}, heard.found);
    EXPECT_TRUE(heard.found.empty()) << piece;
    heard.conversation.on_end(Side::kAcceptor, {}, heard.found);
    const auto refused = heard.only<observation::TicketRefused>();
    EXPECT_EQ(refused.error, "truncated");
    EXPECT_STREQ(refused.carriage.protocol, "MSN");
  }
}

TEST(MsnpDissector, PutsNoTicketTogetherOutOfTwoMessages) {
  const auto ticket = xp_ticket();
  const auto middle = ticket.find("AAEC");
  const auto payloads = message(ticket.substr(0, middle)) + message(ticket.substr(middle));
  EXPECT_EQ(hear({from_client(text_bytes("USR 1 b@c d\r\n" + payloads))}).rules(),
            "ticket.refused ");
}

TEST(MsnpDissector, SaysNothingOfOtherMessages) {
  EXPECT_TRUE(
      hear(talk("MIME-Version: 1.0\r\n\r\nsee <UPLOADINFO TYPE=\"Escalated\">")).found.empty());
}

TEST(MsnpDissector, RecognisesItsBeginningsAlone) {
  const auto verdict = [](std::string_view text) { return recognise_msnp(as_bytes(text)); };
  EXPECT_EQ(verdict("VER 1 MSNP8 CVR0\r\n"), Verdict::kYes);
  EXPECT_EQ(verdict("ANS 1 bob@example.com 123.4 11752013\r\n"), Verdict::kYes);
  EXPECT_EQ(verdict("MSG 96 N 132\r\nMIME"), Verdict::kYes);
  EXPECT_EQ(verdict("US"), Verdict::kMore);
  EXPECT_EQ(verdict("USER anonymous\r\n"), Verdict::kNo);
  // Not printable: no line that came in two pieces is another than one that came in one.
  EXPECT_EQ(verdict("MSG 96 N\x01 1"), Verdict::kNo);
  EXPECT_EQ(verdict("MSG 96 N\x01 132\r\n"), Verdict::kNo);
  EXPECT_EQ(verdict("USR hello there\r\n"), Verdict::kNo);
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\n"), Verdict::kNo);
}

TEST(MsnpDissector, SurvivesDamage) {
  expect_survives_damage(
      {from_client(text_bytes("USR 1 b@c d\r\n" + message("65538,1,192.0.2.1:1,*,A,*,*,B")))});
}

}  // namespace
}  // namespace remora::messenger
