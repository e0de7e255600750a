#include "dissect/dcerpc/dcerpc_dissector.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/dcerpc/family.h"
#include "tests/support/der.h"
#include "tests/support/hex.h"
#include "tests/support/told.h"

namespace remora::dcerpc {
namespace {

using testing::hex;
using testing::hex_of;
using testing::Said;
using testing::utf16_of;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

[[nodiscard]] std::string u16(std::size_t value) {
  return hex_of(std::string{static_cast<char>(value & 0xffU), static_cast<char>(value >> 8U)});
}

/// A PDU with an authentication verifier of NTLM, or of the type given; none without token.
[[nodiscard]] std::vector<std::byte> pdu(const char* type, const std::string& token,
                                         const char* auth_type = "0a") {
  const std::string body = "d016d016 00000000";
  const auto verifier = token.empty() ? "" : auth_type + ("05 00 00 00000000" + token);
  const auto size = 16 + hex(body + verifier).size();
  return hex("05 00" + std::string{type} + "03 10000000" + u16(size) + u16(hex(token).size()) +
             "02000000" + body + verifier);
}

const std::string kNegotiate = "4e544c4d53535000 01000000 01020800";
const auto kChallenge =
    "4e544c4d53535000 02000000 0000 0000 30000000 01008000 0123456789abcdef 0000000000000000"
    "2800 2800 30000000 0300 2000" +
    utf16_of("srv.corp.example") + "00000000";
const auto kAuthenticate =
    "4e544c4d53535000 03000000 0000 0000 40000000 0000 0000 40000000"
    "0800 0800 40000000 0a00 0a00 48000000 0400 0400 52000000 0000 0000 56000000 01020800" +
    utf16_of("CORPaliceWS");
const std::string kTold = "server srv.corp.example; client WS; client CORP\\alice; ";

TEST(DcerpcDissector, TellsABindingHoweverTheStreamIsCut) {
  const std::vector<Said> talk{{kClient, pdu("0b", kNegotiate)},
                               {kServer, pdu("0c", kChallenge)},
                               {kClient, pdu("10", kAuthenticate)}};
  testing::expect_names_however_cut(family(), talk, kTold);
  EXPECT_EQ(testing::listen(family(), talk, 4096).recognition, Recognition::kNothing);
}

TEST(DcerpcDissector, TellsABindingByAlterContextBetweenCalls) {
  const std::vector<Said> talk{{kClient, pdu("0b", "")},
                               {kServer, pdu("0c", "")},
                               {kClient, pdu("00", "")},
                               {kServer, pdu("02", "")},
                               {kClient, pdu("0e", kNegotiate, "09")},
                               {kServer, pdu("0f", kChallenge, "09")},
                               {kClient, pdu("0e", kAuthenticate, "09")}};
  testing::expect_names_however_cut(family(), talk, kTold);
}

TEST(DcerpcDissector, DoesNotReadSignaturesOrOtherMechanisms) {
  const std::vector<Said> talk{{kClient, pdu("0b", kNegotiate, "44")},
                               {kServer, pdu("0c", kChallenge, "44")},
                               {kClient, pdu("00", kAuthenticate)}};
  EXPECT_EQ(testing::listen(family(), talk, 4096).told, "");
}

TEST(DcerpcDissector, GoesOnAtTheNextPduAfterAHole) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  conversation.on_bytes(kClient, pdu("0b", kNegotiate), {}, found);
  conversation.on_gap(kServer, 40, {}, found);
  conversation.on_bytes(kServer, hex("0011223344556677"), {}, found);
  conversation.on_bytes(kServer, pdu("0c", kChallenge), {}, found);
  conversation.on_bytes(kClient, pdu("10", kAuthenticate), {}, found);
  EXPECT_EQ(testing::names_and_accounts(found), kTold);
}

TEST(DcerpcDissector, LeavesAConnectionWithoutLogin) {
  std::vector<Said> talk{{kClient, pdu("0b", "")}};
  talk.resize(DcerpcDissector::kMaxPdus, {kClient, pdu("00", "")});
  EXPECT_EQ(testing::listen(family(), talk, 4096).recognition, Recognition::kRecognised);
  talk.push_back({kClient, pdu("00", "")});
  EXPECT_EQ(testing::listen(family(), talk, 4096).recognition, Recognition::kNothing);
}

}  // namespace
}  // namespace remora::dcerpc
