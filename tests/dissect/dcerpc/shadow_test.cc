#include "dissect/dcerpc/shadow.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/dcerpc/family.h"
#include "tests/support/hex.h"
#include "tests/support/ticket_texts.h"

namespace remora::dcerpc {
namespace {

using testing::hex;

void append(std::vector<std::byte>& to, ByteView bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

std::vector<std::byte> number(std::size_t value, std::size_t size = 4) {
  std::vector<std::byte> bytes;
  for (std::size_t at = 0; at < size; ++at) {
    bytes.push_back(static_cast<std::byte>(value >> (8 * at)));
  }
  return bytes;
}

/// SHADOW_REQUEST_RESPONSE_ALLOW, the string with its NUL, the result.
std::vector<std::byte> reply_stub(std::uint32_t result) {
  auto text = testing::utf16le(std::string{testing::kConnectionString2} + '\0', false);
  std::vector<std::byte> stub;
  append(stub, hex("0100 0000"));
  append(stub, number(8192));
  append(stub, number(0));
  append(stub, number(text.size() / 2));
  append(stub, text);
  stub.resize((stub.size() + 3) / 4 * 4);
  append(stub, number(result));
  return stub;
}

std::vector<std::byte> pdu(std::uint8_t type, std::vector<std::byte> body) {
  auto whole = hex("0500");
  whole.push_back(static_cast<std::byte>(type));
  append(whole, hex("03 10000000"));
  append(whole, number(16 + body.size(), 2));
  append(whole, hex("0000 07000000"));
  append(whole, body);
  return whole;
}

std::vector<Finding> shadow(std::uint32_t result) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  conversation.on_bytes(
      Side::kInitiator,
      pdu(11,
          hex("b810b810 00000000 01000000 00000100 80b55712 2fce 0941 82d6 a9459d0bf6bc 0100 0000"
              "045d888aeb1cc9119fe808002b10486002000000")),
      {}, found);
  conversation.on_bytes(Side::kAcceptor,
                        pdu(12, hex("b810b810 34120000 0000 0000 01000000 00000000"
                                    "045d888aeb1cc9119fe808002b10486002000000")),
                        {}, found);
  conversation.on_bytes(Side::kInitiator,
                        pdu(0, hex("10000000 0000 0000 02000000 0100 0000 01000000 00200000")), {},
                        found);
  auto answer = hex("00000000 0000 00 00");
  append(answer, reply_stub(result));
  conversation.on_bytes(Side::kAcceptor, pdu(2, answer), {}, found);
  return found;
}

TEST(Shadow, GivesAnInvitation) {
  const auto found = shadow(0);
  ASSERT_EQ(found.size(), 1U);
  const auto& seen = std::get<observation::TicketSeen>(found[0].what);
  EXPECT_EQ(seen.ticket.format, observation::Ticket::Format::kConnectionString2);
  EXPECT_STREQ(seen.carriage.protocol, "DCERPC");
  EXPECT_EQ(found[0].from, Side::kAcceptor);
}

TEST(Shadow, GivesNoneWhereItFails) {
  EXPECT_TRUE(shadow(0x80070005).empty());
}

}  // namespace
}  // namespace remora::dcerpc
