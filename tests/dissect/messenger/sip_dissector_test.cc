#include "dissect/messenger/sip_dissector.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/messenger/family.h"
#include "dissect/messenger/sip_message.h"
#include "tests/support/talk.h"
#include "tests/support/ticket_texts.h"

namespace remora::messenger {
namespace {

using namespace testing;

std::string message(std::string_view body, std::string_view length_name = "Content-Length") {
  return "MESSAGE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.1\r\n"
         "Content-Type: text/plain\r\n" +
         std::string{length_name} + ": " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string{body};
}

TEST(SipDissector, FindsTicketsInBodies) {
  const std::vector<Said> said{
      from_client(text_bytes(message("hello") + "\r\n\r\n" + message(kConnectionString2) +
                             message(xp_ticket(), "l"))),
      from_server(text_bytes("SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"))};
  const auto heard = hear(said);
  EXPECT_EQ(heard.rules(), "ticket.seen ticket.seen ");
  EXPECT_STREQ(std::get<observation::TicketSeen>(heard.found.at(0).what).carriage.protocol, "SIP");
  expect_same_in_pieces(said);
}

TEST(SipDissector, RefusesWhatTheEndOfTheConnectionCutsOff) {
  auto bytes = text_bytes(message(xp_ticket()));
  bytes.resize(bytes.size() - 60);
  for (const std::size_t piece : {1U, 100U, 10'000U}) {
    auto heard = hear({from_client(bytes)}, piece);
    EXPECT_TRUE(heard.found.empty()) << piece;
    heard.conversation.on_end(Side::kInitiator, {}, heard.found);
    EXPECT_EQ(heard.only<observation::TicketRefused>().error, "truncated") << piece;
  }
}

TEST(SipDissector, ReadsDatagramsToo) {
  const auto family = sip_family();
  const auto text = message(kConnectionString1);
  const Datagram datagram{
      .from = Side::kInitiator, .source = {}, .destination = {}, .bytes = as_bytes(text), .at = {}};
  ASSERT_TRUE(family.recognise_datagram(datagram));
  Findings out;
  family.make_for_datagrams(nothing_given())->on_datagram(datagram, out);
  ASSERT_EQ(out.found().size(), 1U);
  EXPECT_STREQ(out.found()[0].rule, "ticket.seen");
}

TEST(SipMessage, NamesItsAccounts) {
  const auto request = sip_accounts(
      "MESSAGE sip:bob@example.com SIP/2.0\r\nFrom: \"A\" <sip:alice@example.com>;tag=1\r\n"
      "t: sips:bob@example.com;x\r\n\r\n");
  EXPECT_EQ(request.sender, "alice@example.com");
  EXPECT_EQ(request.receiver, "bob@example.com");
  const auto answer = sip_accounts(
      "SIP/2.0 200 OK\r\nf: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\n\r\n");
  EXPECT_EQ(answer.sender, "bob@example.com");
  EXPECT_EQ(answer.receiver, "alice@example.com");
  EXPECT_EQ(sip_accounts("INVITE sip:a@b SIP/2.0\r\nFrom: <tel:+1555>\r\n\r\n").sender, "");
  const auto with_password =
      sip_accounts("INVITE sip:a@b SIP/2.0\r\nFrom: <sip:eva:secret@corp.example:5060>\r\n\r\n");
  EXPECT_EQ(with_password.sender, "eva@corp.example");
}

TEST(SipDissector, RecognisesItsBeginningsAlone) {
  const auto verdict = [](std::string_view text) { return recognise_sip(as_bytes(text)); };
  EXPECT_EQ(verdict("SIP/2.0 100 Trying\r\n"), Verdict::kYes);
  EXPECT_EQ(verdict("INVITE sip:a@b SIP/2.0\r\n"), Verdict::kYes);
  EXPECT_EQ(verdict("INVITE sip:a@"), Verdict::kMore);
  EXPECT_EQ(verdict("OPTIONS / HTTP/1.1\r\n"), Verdict::kNo);
  EXPECT_EQ(verdict("OPTIONS * RTSP/1.0\r\n"), Verdict::kNo);
  EXPECT_EQ(verdict("OPTIONS /x"), Verdict::kNo);
  // The same for the whole line as for its beginning.
  EXPECT_EQ(verdict("MESSAGE sif"), Verdict::kNo);
  EXPECT_EQ(verdict("MESSAGE sif:a@b SIP/2.0\r\n"), Verdict::kNo);
}

TEST(SipDissector, SurvivesDamage) {
  expect_survives_damage({from_client(text_bytes(message("65538,1,192.0.2.1:1,*,A,*,*,B")))});
}

}  // namespace
}  // namespace remora::messenger
