#include "dissect/kerberos/messages.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/der.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::kerberos {
namespace {

using testing::der;
using testing::hex;
using testing::hex_of;

[[nodiscard]] std::string text(std::string_view characters) {
  return der("1b", hex_of(characters));
}

/// PrincipalName, RFC 4120 5.2.2.
[[nodiscard]] std::string principal(const char* type, const std::vector<std::string>& parts) {
  std::string strings;
  for (const auto& part : parts) { strings += text(part); }
  return der("30", der("a0", der("02", type)) + der("a1", der("30", strings)));
}

/// Ticket, 5.3, and an EncryptedData of its own.
const auto kSealed = der("30", der("a0", der("02", "12")) + der("a2", der("04", "00112233")));
const auto kTicket =
    der("61", der("30", der("a0", der("02", "05")) + der("a1", text("CORP.EXAMPLE")) +
                            der("a2", principal("02", {"TERMSRV", "srv.corp.example"})) +
                            der("a3", kSealed)));

/// KDC-REQ, 5.4.1, as Windows asks for a ticket-granting ticket.
const auto kAsReq = hex(der(
    "6a",
    der("30",
        der("a1", der("02", "05")) + der("a2", der("02", "0a")) +
            der("a3", der("30", der("30", der("a1", der("02", "0080")) +
                                              der("a2", der("04", "3005a0030101ff"))))) +
            der("a4",
                der("30",
                    der("a0", der("03", "0040810010")) + der("a1", principal("01", {"alice"})) +
                        der("a2", text("CORP")) +
                        der("a3", principal("02", {"krbtgt", "CORP"})) +
                        der("a5", der("18", hex_of("20370913024805Z"))) +
                        der("a7", der("02", "11223344")) +
                        der("a8", der("30", der("02", "12") + der("02", "17"))) +
                        der("a9",
                            der("30",
                                der("30", der("a0", der("02", "14")) +
                                              der("a1", der("04", hex_of("WS-ALICE        ")))) +
                                    der("30", der("a0", der("02", "02")) +
                                                  der("a1", der("04", "c000020b"))) +
                                    der("30", der("a0", der("02", "18")) +
                                                  der("a1", der("04",
                                                                "20010db8000000000000"
                                                                "000000000007"))))))))));

/// KDC-REP, 5.4.2.
const auto kTgsRep = hex(der(
    "6d", der("30", der("a0", der("02", "05")) + der("a1", der("02", "0d")) +
                        der("a3", text("CORP.EXAMPLE")) + der("a4", principal("01", {"alice"})) +
                        der("a5", kTicket) + der("a6", kSealed))));

/// AP-REQ, 5.5.1.
const auto kApReq =
    hex(der("6e", der("30", der("a0", der("02", "05")) + der("a1", der("02", "0e")) +
                                der("a2", der("03", "0020000000")) + der("a3", kTicket) +
                                der("a4", kSealed))));

/// KRB-ERROR, 5.9.1: pre-authentication is required.
const auto kError = hex(
    der("7e",
        der("30", der("a0", der("02", "05")) + der("a1", der("02", "1e")) +
                      der("a4", der("18", hex_of("20261201090000Z"))) + der("a5", der("02", "0d")) +
                      der("a6", der("02", "19")) + der("a7", text("CORP.EXAMPLE")) +
                      der("a8", principal("01", {"alice"})) + der("a9", text("CORP.EXAMPLE")) +
                      der("aa", principal("02", {"krbtgt", "CORP.EXAMPLE"})))));

TEST(KerberosMessage, AskingForATicketGrantingTicketNamesClientAndMachine) {
  const auto message = decode(kAsReq, read_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->type, MessageType::kAsReq);
  ASSERT_TRUE(message->client.has_value());
  EXPECT_EQ(*message->client, (Principal{.type = 1, .components = {"alice"}}));
  EXPECT_EQ(message->realm, "CORP");
  EXPECT_EQ(message->service->to_text(), "krbtgt/CORP");
  EXPECT_EQ(message->netbios_names, std::vector<std::string>{"WS-ALICE"});
  ASSERT_EQ(message->addresses.size(), 2U);
  EXPECT_EQ(message->addresses[0].to_text(), "192.0.2.11");
  EXPECT_EQ(message->addresses[1].to_text(), "2001:db8::7");
}

TEST(KerberosMessage, GivingATicketNamesAccountAndService) {
  const auto message = decode(kTgsRep, read_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->type, MessageType::kTgsRep);
  EXPECT_EQ(message->client_realm, "CORP.EXAMPLE");
  EXPECT_EQ(message->client->to_text(), "alice");
  EXPECT_EQ(message->realm, "CORP.EXAMPLE");
  EXPECT_EQ(message->service->to_text(), "TERMSRV/srv.corp.example");
}

TEST(KerberosMessage, ShowingATicketNamesItsService) {
  const auto message = decode(kApReq, read_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->service->to_text(), "TERMSRV/srv.corp.example");
  EXPECT_FALSE(message->client.has_value());
}

TEST(KerberosMessage, OfAnErrorHasItsCode) {
  const auto message = decode(kError, read_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->error_code, 25U);
  EXPECT_EQ(message->client->to_text(), "alice");
  EXPECT_EQ(message->client_realm, "CORP.EXAMPLE");
  EXPECT_EQ(message->service->to_text(), "krbtgt/CORP.EXAMPLE");
}

TEST(KerberosMessage, KeepsABoundedNumberOfParts) {
  const std::vector<std::string> many(kMaxComponents + 5, "a");
  const auto bytes = hex(der("6d", der("30", der("a4", principal("01", many)))));
  const auto message = decode(bytes, read_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->client->components.size(), kMaxComponents);
}

TEST(KerberosMessage, HasNoPartThatIsTooLong) {
  const auto bytes =
      hex(der("6d", der("30", der("a3", text(std::string(kMaxNameBytes + 1, 'a'))))));
  const auto message = decode(bytes, read_message);
  ASSERT_TRUE(message.has_value());
  EXPECT_TRUE(message->client_realm.empty());
}

TEST(KerberosMessage, IsKnownByItsTagAndLength) {
  EXPECT_TRUE(is_whole_message(kAsReq));
  EXPECT_TRUE(is_whole_message(kError));
  EXPECT_FALSE(is_whole_message(ByteView{kAsReq}.first(kAsReq.size() - 1)));
  EXPECT_FALSE(is_whole_message({}));
  EXPECT_FALSE(is_whole_message(hex("6902 3000")));
  EXPECT_FALSE(is_whole_message(hex("4a02 3000")));
  EXPECT_EQ(message_type(std::byte{0x6c}), MessageType::kTgsReq);
  EXPECT_EQ(message_type(std::byte{0x30}), std::nullopt);
}

TEST(KerberosMessage, ObeysTheLawsOfReaders) {
  for (const auto* bytes : {&kAsReq, &kTgsRep, &kApReq, &kError}) {
    testing::expect_reader_laws(*bytes, read_message);
  }
}

}  // namespace
}  // namespace remora::kerberos
