#include "dissect/pnrp/pnrp_dissector.h"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/pnrp/pieces.h"
#include "tests/support/hex.h"

namespace remora::pnrp {
namespace {

using observation::TicketNameRevoked;
using observation::TicketSeen;
using testing::hex;

std::string lookup_text(const std::string& reason, const std::string& target) {
  return "0010 000c 51 04 00 0b 00000001 0045 000c 0002 0000 00" + reason + "0000 0038 0024" +
         target + "0039 0024" + id_text("99") + "009a 003a" + route_text() + "0000";
}
std::string flood_text(const std::string& flags) {
  return "0010 000c 51 04 00 04 00000001 0043 0007 000000 00 0039 0024" + id_text("99") +
         "009c 0048" + cpa_text(flags);
}

std::vector<Finding> tell(const std::vector<std::vector<std::byte>>& datagrams) {
  PnrpDissector dissector{nothing_given()};
  Findings out;
  for (const auto& bytes : datagrams) {
    dissector.on_datagram(
        {.from = Side::kInitiator, .source = {}, .destination = {}, .bytes = bytes, .at = {}}, out);
  }
  return out.found();
}

TEST(PnrpDissector, TakesARegistrationForATicket) {
  const auto found = tell({hex(lookup_text("01", id_text("21")))});
  ASSERT_EQ(found.size(), 1U);
  const auto& seen = std::get<TicketSeen>(found[0].what);
  EXPECT_EQ(seen.known, Certainty::kInferred);
  EXPECT_DOUBLE_EQ(seen.confidence, 0.6);
  ASSERT_EQ(seen.ticket.addresses.size(), 1U);
  EXPECT_EQ(seen.ticket.addresses[0].address, IpAddress::parse("2001:db8::10"));
}

TEST(PnrpDissector, TakesNothingElseForOne) {
  EXPECT_TRUE(tell({hex(lookup_text("00", id_text("21")))}).empty());  // resolves
  EXPECT_TRUE(tell({hex(lookup_text("01", id_text("22")))}).empty());  // another's name
  auto local = hex(lookup_text("01", id_text("21")));
  const auto address = hex("20010db8000000000000000000000010");
  const auto place = std::search(local.begin(), local.end(), address.begin(), address.end());
  *place = std::byte{0xfe};  // link-local cloud
  *(place + 1) = std::byte{0x80};
  EXPECT_TRUE(tell({local}).empty());
}

TEST(PnrpDissector, TellsThatANameIsRevoked) {
  const auto found = tell({hex(flood_text("09"))});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<TicketNameRevoked>(found[0].what));
  EXPECT_TRUE(tell({hex(flood_text("08"))}).empty());
}

/// AUTHORITY_BUFFER with Easy Connect's kind of classifier, behind `padding` bytes of chain.
std::vector<std::byte> buffer_of(std::size_t padding) {
  auto bytes = hex("0040 0006 0000 0000");
  const auto length = padding + 4;
  for (const std::size_t value :
       {std::size_t{0}, std::size_t{0x80}, length >> 8U, length & 0xffU}) {
    bytes.push_back(static_cast<std::byte>(value));
  }
  bytes.resize(bytes.size() + padding);
  std::string text = "0085 004c 0020 0048 0084 0002";
  for (int digit = 0; digit < 32; ++digit) { text += "0041"; }
  const auto rest = hex(text + "009a 003a" + route_text() + "0000 009b 0048" + cpa_text("28"));
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

std::vector<std::vector<std::byte>> authority(const std::vector<std::byte>& buffer) {
  std::vector<std::vector<std::byte>> out;
  for (std::size_t at = 0; at < buffer.size(); at += 1188) {
    auto bytes = hex("0010 000c 51 04 00 08 00000002 0018 0008 00000007 0098 0008");
    for (const auto value : {buffer.size() >> 8U, buffer.size() & 0xffU, at >> 8U, at & 0xffU}) {
      bytes.push_back(static_cast<std::byte>(value));
    }
    const auto end = std::min(buffer.size(), at + 1188);
    bytes.insert(bytes.end(), buffer.begin() + static_cast<std::ptrdiff_t>(at),
                 buffer.begin() + static_cast<std::ptrdiff_t>(end));
    out.push_back(std::move(bytes));
  }
  return out;
}

TEST(PnrpDissector, PutsAnAnswerTogetherInAnyOrder) {
  for (const std::size_t padding : {std::size_t{0}, std::size_t{1000}, std::size_t{3000}}) {
    auto pieces = authority(buffer_of(padding));
    EXPECT_EQ(tell(pieces).size(), 1U) << padding;
    std::reverse(pieces.begin(), pieces.end());
    const auto found = tell(pieces);
    ASSERT_EQ(found.size(), 1U) << padding;
    EXPECT_DOUBLE_EQ(std::get<TicketSeen>(found[0].what).confidence, 0.9);
    if (pieces.size() > 1) {
      pieces.pop_back();
      EXPECT_TRUE(tell(pieces).empty());
    }
  }
}

TEST(PnrpDissector, SurvivesDamage) {
  for (auto datagram : authority(buffer_of(0))) {
    for (auto& byte : datagram) {
      byte ^= std::byte{0xff};
      (void)tell({datagram});
      byte ^= std::byte{0xff};
    }
    for (std::size_t size = datagram.size(); size > 0; --size) {
      datagram.resize(size);
      (void)tell({datagram});
    }
  }
}

}  // namespace
}  // namespace remora::pnrp
