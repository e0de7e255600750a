#include "dissect/ticket/invitation.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/ticket_texts.h"

namespace remora::ticket {
namespace {

using observation::Ticket;
using testing::vista_ticket;
using testing::xp_ticket;

Read<Ticket> read(std::string_view text, const keys::KeyRing& keys = {}) {
  return read_ticket(as_bytes(text), TextForm::kBytes, keys);
}

std::string replaced(std::string text, std::string_view old, std::string_view by) {
  const auto at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), by);
}

/// "rcticket.version 1:110"
std::string why(std::string_view text, const keys::KeyRing& keys = {}) {
  const auto ticket = read(text, keys);
  if (ticket.has_value()) { return "a ticket"; }
  const auto place = ticket.error().at.value_or(Position{.line = 0, .column = 0});
  return std::string{ticket.error().error} + ' ' + std::to_string(place.line) + ':' +
         std::to_string(place.column);
}

TEST(Invitation, OfWindowsXpHasAllItsFields) {
  const auto ticket = read(xp_ticket());
  ASSERT_TRUE(ticket.has_value());
  EXPECT_EQ(ticket->format, Ticket::Format::kXp);
  EXPECT_EQ(ticket->user_name, "Dave");
  EXPECT_EQ(ticket->start, Moment{std::chrono::seconds{1'700'000'000}});
  EXPECT_EQ(ticket->valid, std::chrono::minutes{60});
  EXPECT_EQ(ticket->password_protected, false);
  ASSERT_EQ(ticket->addresses.size(), 2U);
  EXPECT_EQ(ticket->addresses[0].address, IpAddress::parse("192.0.2.20"));
  EXPECT_EQ(ticket->addresses[0].port, Port{3389});
  EXPECT_EQ(ticket->addresses[1].name, "novice.corp.example");
  EXPECT_FALSE(ticket->decrypted);
  EXPECT_TRUE(ticket->remarks.empty());
}

/// Fields of FreeRDP's public test tickets (TestCommonAssistance.c), with an id and a key of ours.
TEST(Invitation, OfFreeRdpsTestsIsReadThoughASpaceIsMissing) {
  const auto ticket = read(
      "<?xml version=\"1.0\" encoding=\"Unicode\" ?><UPLOADINFO TYPE=\"Escalated\"><UPLOADDATA "
      "USERNAME=\"Administrator\" RCTICKET=\"65538,1,10.0.3.105:3389;winxpsp3.contoso3.com:3389,*,"
      "AAEC,*,*,AAECAwQFBgcICQoLDA0ODxAREhM=\"RCTICKETENCRYPTED=\"1\" DtStart=\"1314905741\" "
      "DtLength=\"180\" PassStub=\"abc\" L=\"0\" /></UPLOADINFO>");
  ASSERT_TRUE(ticket.has_value());
  EXPECT_EQ(ticket->addresses.at(0).address, IpAddress::parse("10.0.3.105"));
  EXPECT_EQ(ticket->addresses.at(1).name, "winxpsp3.contoso3.com");
  EXPECT_EQ(ticket->start, Moment{std::chrono::seconds{1'314'905'741}});
  EXPECT_EQ(ticket->valid, std::chrono::minutes{180});
  EXPECT_EQ(ticket->password_protected, true);
  EXPECT_EQ(ticket->remarks, std::vector<std::string>{"missing_space"});
}

TEST(Invitation, ForgivesNamesInAnotherCaseWithARemark) {
  const auto ticket =
      read(replaced(replaced(xp_ticket(), "RCTICKET=", "RcTicket="), "USERNAME", "UserName"));
  ASSERT_TRUE(ticket.has_value());
  EXPECT_EQ(ticket->user_name, "Dave");
  EXPECT_EQ(ticket->remarks, std::vector<std::string>{"attribute_case"});
}

TEST(Invitation, ReadsNamesInWindows1252AndUtf8) {
  EXPECT_EQ(read(replaced(xp_ticket(), "Dave", "Ren\xe9\x80"))->user_name,
            "Ren\xc3\xa9\xe2\x82\xac");
  EXPECT_EQ(read(replaced(xp_ticket(), "Dave", "Ren\xc3\xa9"))->user_name, "Ren\xc3\xa9");
  EXPECT_EQ(read(replaced(xp_ticket(), "Dave", "a&amp;&#xe9;"))->user_name, "a&\xc3\xa9");
}

TEST(Invitation, IsRefusedWithTheWordAndThePlace) {
  const auto xp = xp_ticket();
  for (const auto& [old, by, error] : {
           std::tuple{",AAECAwQFBgcICQoLDA0ODxAREhM=", "", "rcticket.field_count 1:109"},
           std::tuple{"65538", "65539", "rcticket.version 1:109"},
           std::tuple{"65538,1", "65538,2", "rcticket.type 1:109"},
           std::tuple{"20:3389", "20:0", "rcticket.address 1:109"},
           std::tuple{"20:3389", "20:70000", "rcticket.address 1:109"},
           std::tuple{"192.0.2.20:3389", "192.0.2.20", "rcticket.address 1:109"},
           std::tuple{"*,*,", "*,x,", "rcticket.placeholder 1:109"},
           std::tuple{"Escalated", "escalated", "uploadinfo.type 1:60"},
           std::tuple{"UPLOADDATA", "UPLOADDATE", "uploaddata.missing 1:42"},
           std::tuple{"1700000000", "-1", "dt.range 1:270"},
           std::tuple{"1700000000", "99999999999", "dt.range 1:270"},
           std::tuple{"\"60\"", "\"4294967295\"", "dt.range 1:292"},
           std::tuple{"Dave", "D&ve", "xml.not_wellformed 1:97"},
       }) {
    EXPECT_EQ(why(replaced(xp, old, by)), error);
  }
}

TEST(Invitation, IsRefusedForItsEncryptedPart) {
  const auto vista = vista_ticket();
  EXPECT_EQ(why(replaced(vista, "ADB4C5", "GDB4C5")), "lhticket.hex 2:69");
  EXPECT_EQ(why(replaced(vista, "ADB4C5", "ADB4C")), "lhticket.hex 2:69");
  EXPECT_EQ(why(replaced(vista, "ADB4C5", "ADB4")), "lhticket.block 2:69");
  keys::KeyRing keys;
  (void)keys.add_ticket_password(testing::kTicketPassword);
  const auto damaged = replaced(vista, "775A8D\"", "775A8C\"");
  EXPECT_EQ(why(damaged), "a ticket");
  EXPECT_EQ(why(damaged, keys), "lhticket.decrypt 2:69");
  EXPECT_TRUE(read(damaged, keys).error().decrypted);
}

TEST(Invitation, SurvivesTruncationAndChangedBytes) {
  keys::KeyRing keys;
  (void)keys.add_ticket_password(testing::kTicketPassword);
  const auto text = xp_ticket();
  testing::for_every_truncation(as_bytes(text), [&](const std::vector<std::byte>& cut) {
    EXPECT_FALSE(read_ticket(cut, TextForm::kBytes, keys).has_value());
  });
  testing::for_every_changed_byte(as_bytes(text), [&](const std::vector<std::byte>& changed) {
    (void)read_ticket(changed, TextForm::kBytes, keys);
  });
}

TEST(ConnectionString2, IsRefusedWhereItCannotLead) {
  const std::string good{testing::kConnectionString2};
  EXPECT_EQ(why(good), "a ticket");
  EXPECT_EQ(why(replaced(good, "49671", "0")).substr(0, 8), "cs2.port");
  EXPECT_EQ(why(replaced(good, "2001:db8::10", "")).substr(0, 13), "cs2.structure");
  EXPECT_EQ(why("<E><A KH=\"a\"/><C><T SID=\"1\"/></C></E>"), "cs2.structure 1:1");
  EXPECT_EQ(why(replaced(good, "305419896", "x")).substr(0, 13), "cs2.structure");
}

TEST(ConnectionString2, TakesTheNewerKeyHashWhereItIsOfSha256) {
  const auto digest = [](const std::string& hash) {
    const auto ticket = read("<E><A KH=\"a\" KH2=\"" + hash +
                             "\" ID=\"b\"/><C><T ID=\"1\"><L P=\"1\" N=\"a\"/></T></C></E>");
    return ticket.has_value() ? ticket->public_key_sha256 : std::nullopt;
  };
  // The specification's example, [MS-RAI] 2.2.2.
  const auto example = digest("sha256:wKSAkAV3sBfa9WpuRFJcP9q1twJc6wOBuoJ9tsyXwpk=");
  ASSERT_TRUE(example.has_value());
  EXPECT_EQ(to_u8(example->front()), 0xc0);
  EXPECT_EQ(to_u8(example->back()), 0x99);
  EXPECT_FALSE(digest("wKSAkAV3sBfa9WpuRFJcP9q1twJc6wOBuoJ9tsyXwpk=").has_value());
  EXPECT_FALSE(digest("sha512:wKSAkAV3sBfa9WpuRFJcP9q1twJc6wOBuoJ9tsyXwpk=").has_value());
  EXPECT_FALSE(digest("sha256:YiKwWUY8Ioq5NB3wAQHSbs5kwrM=").has_value());
  EXPECT_FALSE(digest("sha256").has_value());
}

/// [MS-RAI] 2.2.2: the server's name stands beside its URI.
TEST(ConnectionString2, TakesTheNameBesideAUri) {
  const auto ticket = read(
      "<E><A KH=\"a\" ID=\"b\"/><C><T ID=\"1\" SID=\"0\"><L U=\"wss://192.0.2.7:443/x\" "
      "N=\"novice7\"/><L U=\"?\" N=\"novice8\"/></T></C></E>");
  ASSERT_TRUE(ticket.has_value());
  ASSERT_EQ(ticket->addresses.size(), 3U);
  EXPECT_EQ(ticket->addresses[0].name, "novice7");
  EXPECT_EQ(ticket->addresses[0].port, Port{443});
  EXPECT_EQ(ticket->addresses[1].address, IpAddress::parse("192.0.2.7"));
  EXPECT_EQ(ticket->addresses[2].name, "novice8");
}

TEST(ConnectionString2, TakesScopesNamesAndUris) {
  const auto ticket = read(
      "<E><A KH=\"a\" ID=\"b\"/><C><T ID=\"1\" SID=\"0\"><L P=\"49228\" N=\"fe80::1%3\"/>"
      "<L P=\"49229\" N=\"novice7\"/><L U=\"wss://[2001:db8::1]:443/x\"/></T></C></E>");
  ASSERT_TRUE(ticket.has_value());
  ASSERT_EQ(ticket->addresses.size(), 3U);
  EXPECT_EQ(ticket->addresses[0].address, IpAddress::parse("fe80::1"));
  EXPECT_EQ(ticket->addresses[1].name, "novice7");
  EXPECT_EQ(ticket->addresses[2].port, Port{443});
  EXPECT_FALSE(ticket->public_key_digest.has_value());
}

}  // namespace
}  // namespace remora::ticket
