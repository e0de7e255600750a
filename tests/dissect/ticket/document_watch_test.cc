#include "dissect/ticket/document_watch.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"
#include "tests/support/ticket_texts.h"

namespace remora::ticket {
namespace {

using observation::TicketRefused;
using observation::TicketSeen;
using testing::ascii;
using testing::utf16le;
using testing::vista_ticket;
using testing::xp_ticket;

struct Watched {
  std::string name{};
  Look look{Look::kDocument};
  const Context* context{&nothing_given()};
};

std::vector<Finding> watch(ByteView document, std::size_t piece, const Watched& how) {
  DocumentWatch watch{
      {.protocol = "SMTP", .file_name = how.name, .place = {}}, *how.context, how.look};
  Findings out;
  while (!document.empty()) {
    const auto next = document.first(std::min(piece, document.size()));
    // A copy of exact size, so that the sanitizer sees a read past its end.
    const std::vector<std::byte> copy(next.begin(), next.end());
    watch.on_bytes(Side::kInitiator, copy, {}, out);
    document = document.subspan(next.size());
  }
  watch.on_end(Side::kInitiator, {}, out);
  return std::move(out.found());
}

/// "seen XP Dave 2; " for a ticket with two addresses, "xml.not_wellformed 1:16 82; ".
std::string told(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& finding : found) {
    if (const auto* seen = std::get_if<TicketSeen>(&finding.what)) {
      const auto& ticket = seen->ticket;
      text += "seen " + std::to_string(static_cast<int>(ticket.format)) + ' ' + ticket.user_name +
              ' ' + std::to_string(ticket.addresses.size()) + "; ";
    } else if (const auto* refused = std::get_if<TicketRefused>(&finding.what)) {
      text += refused->error + ' ' + std::to_string(refused->line.value_or(0)) + ':' +
              std::to_string(refused->column.value_or(0)) + ' ' + std::to_string(refused->size) +
              "; ";
    } else if (const auto* anomaly = std::get_if<observation::Anomaly>(&finding.what)) {
      text += anomaly->code + "; ";
    }
  }
  return text;
}

/// The same however the document is cut.
void expect_told(ByteView document, std::string_view expected, const Watched& how = {}) {
  EXPECT_EQ(told(watch(document, std::size_t{1} << 30U, how)), expected);
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 16U, 50U, 333U, 1024U}) {
    EXPECT_EQ(told(watch(document, piece, how)), expected) << "pieces of " << piece;
  }
}

void expect_told(std::string_view document, std::string_view expected, const Watched& how = {}) {
  expect_told(as_bytes(document), expected, how);
}

constexpr std::string_view kXpSeen{"seen 0 Dave 2; "};
constexpr std::string_view kVistaSeen{"seen 1 carol 1; "};

TEST(DocumentWatch, SeesTicketsThatAreTheDocument) {
  expect_told(xp_ticket(), kXpSeen);
  expect_told(vista_ticket(), kVistaSeen);
  expect_told("\xef\xbb\xbf" + xp_ticket(), kXpSeen);
  expect_told("\r\n " + xp_ticket() + "\r\n", kXpSeen);
  const auto element = xp_ticket().substr(xp_ticket().find("<UPLOADINFO"));
  expect_told("<?xml version=\"1.0\"?><!-- made by hand -->\n" + element, kXpSeen);
  expect_told(utf16le(xp_ticket(), true), kXpSeen);
  expect_told(utf16le(xp_ticket(), false), kXpSeen);
  expect_told(testing::kConnectionString1, "seen 2  2; ");
  expect_told(testing::kConnectionString2, "seen 3  2; ");
  expect_told(utf16le(std::string{testing::kConnectionString2} + "\r\n", false), "seen 3  2; ");
}

TEST(DocumentWatch, SeesTicketsInsideTextAndBehindOneAnother) {
  expect_told("Dear Anna,\n please help:\n" + xp_ticket() + "\nyours, Dave\n" + vista_ticket(),
              std::string{kXpSeen} + std::string{kVistaSeen});
  expect_told(xp_ticket() + vista_ticket(), std::string{kXpSeen} + std::string{kVistaSeen});
  expect_told("see <UPLOADINFO TYPE=\"Escalated\"> below: " + xp_ticket(), kXpSeen);
}

TEST(DocumentWatch, LooksForConnectionStrings1InMessagesOnly) {
  const auto text = "Context-Data: " + std::string{testing::kConnectionString1} + "\r\nnext";
  expect_told(text, "");
  expect_told(text, "seen 2  2; ", {.look = Look::kMessage});
  expect_told(utf16le(text, false), "seen 2  2; ", {.look = Look::kMessage});
  expect_told("65538,1,2,3,4,5,6,7\n65538,1,2,3\n", "", {.look = Look::kMessage});
}

TEST(DocumentWatch, SaysNothingOfOrdinaryXmlNorOfTextThatSpeaksOfTickets) {
  for (const std::string_view text : {
           "",
           "<",
           "<?xml version=\"1.0\"?><soap:Envelope><UPLOADINFO/></soap:Envelope>",
           "<UPLOADINFO><FILE>a</FILE></UPLOADINFO>",
           "<UPLOADINFO><FILE>a</UPLOADINFO>",
           "<uploadInfo type=\"video\"></uploadInfo",
           "<E><B>bold</B></E>",
           "<E>",
           "The root is <UPLOADINFO TYPE=\"Escalated\">, in it UPLOADDATA with "
           "RCTICKET=\"65538,1,\"",
           "<html><body><pre>&lt;UPLOADINFO TYPE=\"Escalated\"&gt;</pre></body></html>",
           "<html><UPLOADINFO TYPE=\"Escalated\"><UPLOADDATA RCTICKET=\"65538,1,\"/></UPLOADINFO>",
           "65538,1,a table of numbers\n",
       }) {
    expect_told(text, "");
  }
}

TEST(DocumentWatch, RefusesWhatClaimsToBeATicket) {
  const auto cut = xp_ticket().substr(0, 150);
  expect_told(cut, "truncated 1:151 150; ");
  expect_told(vista_ticket().substr(0, 150), "truncated 2:129 150; ");
  expect_told("<UPLOADINFO TYPE=\"escalated2\"><UPLOADDATA/></UPLOADINFO>\r\n",
              "uploadinfo.type 1:19 58; ");
  expect_told(
      R"(<UPLOADINFOTYPE="Escalated"><UPLOADDATARCTICKET="65538,1, ,*,,*,*,"/></UPLOADINFO>)",
      "xml.not_wellformed 1:16 82; ");
}

TEST(DocumentWatch, RefusesByNameWhateverTheBytesAre) {
  const Watched named{.name = "Help.MSRCIncident"};
  expect_told("<html><body>404</body></html>", "root.missing 1:1 29; ", named);
  expect_told("hello", "root.missing 1:1 5; ", named);
  expect_told("", "", named);
  expect_told(xp_ticket(), kXpSeen, named);
}

TEST(DocumentWatch, RefusesAllThatItsCarrierSaysIsATicket) {
  const auto string = std::string{testing::kConnectionString1};
  expect_told(string, "seen 2  2; ", {.look = Look::kTicket});
  expect_told(utf16le(string, false), "seen 2  2; ", {.look = Look::kTicket});
  expect_told(testing::kConnectionString2, "seen 3  2; ", {.look = Look::kTicket});
  expect_told("65538,2" + string.substr(7),
              "rcticket.type 1:1 " + std::to_string(string.size()) + "; ", {.look = Look::kTicket});
  expect_told("", "", {.look = Look::kTicket});
}

TEST(DocumentWatch, SaysWhereANameWouldDecide) {
  const auto string = std::string{testing::kConnectionString1};
  const auto broken = string.substr(0, string.rfind(','));
  const Watched unnamed{.look = Look::kUnnamed};
  expect_told(string, "seen 2  2; ", unnamed);
  expect_told(broken, "rcticket.field_count 1:1 " + std::to_string(broken.size()) + "; ", unnamed);
  const auto found = watch(as_bytes(broken), 1000, unnamed);
  EXPECT_TRUE(std::get<TicketRefused>(found.at(0).what).if_named);
  // What claims to be a ticket by itself needs no name.
  const auto cut = watch(as_bytes(xp_ticket()).first(150), 1000, unnamed);
  EXPECT_FALSE(std::get<TicketRefused>(cut.at(0).what).if_named);
  expect_told("the first line\n", "", unnamed);
}

TEST(DocumentWatch, EndsBombsWithinItsLimits) {
  const std::string bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
      "\"&a;&a;&a;&a;\">]><UPLOADINFO TYPE=\"Escalated\"><UPLOADDATA USERNAME=\"&b;\" "
      "RCTICKET=\"65538,1,\"/></UPLOADINFO>";
  expect_told(bomb, "xml.doctype 1:34 176; ticket.bomb; ");
  std::string large = xp_ticket();
  large.insert(large.find("Dave"), std::string(std::size_t{1} << 20U, 'x'));
  expect_told(large, "too_large 1:65537 65536; ticket.bomb; ");
  std::string many = "<UPLOADINFO TYPE=\"Escalated\">";
  for (int i = 0; i < 1000; ++i) { many += "<UPLOADDATA/>"; }
  expect_told(many + "</UPLOADINFO>", "xml.limit 1:3345 13042; ticket.bomb; ");
  std::string marks;
  for (int i = 0; i < 10'000; ++i) { marks += "<UPLOADINFO TYPE=\"\"><E>"; }
  expect_told(marks, "too_large 1:65537 65536; ticket.bomb; ");
  expect_told("x" + marks, "");
}

TEST(DocumentWatch, GivesUpWhatHasAHoleInIt) {
  const auto text = xp_ticket();
  DocumentWatch watch{{.protocol = "FTP", .file_name = "a.msrcincident", .place = {}}};
  Findings out;
  watch.on_bytes(Side::kInitiator, as_bytes(text).first(100), {}, out);
  watch.on_gap();
  watch.on_bytes(Side::kInitiator, as_bytes(text).subspan(120), {}, out);
  watch.on_end(Side::kInitiator, {}, out);
  EXPECT_TRUE(out.found().empty());
}

TEST(DocumentWatch, RefusesInsideAStreamOnlyWhatHasTheMarks) {
  const Watched stream{.look = Look::kStream};
  const std::string before{"\0\0\1\x02stuff", 9};
  expect_told(before + xp_ticket() + "more", kXpSeen, stream);
  expect_told(before + xp_ticket().substr(0, 150), "truncated 1:110 109; ", stream);
  expect_told(before + "<UPLOADINFO and nothing of it", "", stream);
}

TEST(DocumentWatch, TellsTheKeysOfWhatItSawForItsCarrier) {
  DocumentWatch watch{{.protocol = "FTP", .file_name = "a.msrcincident", .place = {}}};
  Findings out;
  watch.on_bytes(Side::kInitiator, as_bytes(xp_ticket()), {}, out);
  ASSERT_EQ(watch.keys().size(), 1U);
  EXPECT_EQ(watch.keys()[0], encoding::sha256(as_bytes(testing::kXpSessionId)));
}

TEST(DocumentWatch, OpensWhatAPasswordFits) {
  Context context;
  (void)context.keys.add_ticket_password("wrong");
  (void)context.keys.add_ticket_password(testing::kTicketPassword);
  const auto found = watch(as_bytes(vista_ticket()), 1000, {.context = &context});
  ASSERT_EQ(found.size(), 1U);
  const auto& ticket = std::get<TicketSeen>(found[0].what).ticket;
  EXPECT_TRUE(ticket.decrypted);
  EXPECT_EQ(ticket.sid, 0x12345678U);
  ASSERT_EQ(ticket.addresses.size(), 2U);
  EXPECT_EQ(ticket.addresses[0].address->to_text(), "2001:db8::10");
  EXPECT_EQ(ticket.addresses[0].port, Port{49671});
  EXPECT_EQ(ticket.addresses[1].address->to_text(), "192.0.2.10");
  EXPECT_EQ(ticket.key, encoding::sha256(as_bytes(testing::kVistaSessionId)));
}

TEST(DocumentWatch, KeepsNothingOfTheSecretsInWhatItTells) {
  Context context;
  (void)context.keys.add_ticket_password(testing::kTicketPassword);
  const auto found = watch(as_bytes(vista_ticket()), 1000, {.context = &context});
  ASSERT_EQ(found.size(), 1U);
  const auto& ticket = std::get<TicketSeen>(found[0].what).ticket;
  for (const auto& remark : ticket.remarks) { EXPECT_EQ(remark.find("AAECAw"), std::string::npos); }
  EXPECT_EQ(ticket.session_id_digest, ticket.key);
}

}  // namespace
}  // namespace remora::ticket
