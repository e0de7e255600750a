#include "dissect/ticket/stream_scan.h"

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/ticket_scan/family.h"
#include "tests/support/ticket_texts.h"

namespace remora::ticket {
namespace {

using namespace std::string_literals;
using observation::TicketRefused;
using observation::TicketSeen;

std::string base64(std::string_view bytes, std::size_t line) {
  constexpr std::string_view kDigits{
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    const auto size = std::min<std::size_t>(3, bytes.size() - at);
    for (std::size_t i = 0; i < 3; ++i) {
      group = (group << 8U) | (i < size ? static_cast<std::uint8_t>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= size ? kDigits[(group >> (18U - 6U * i)) & 0x3fU] : '=';
    }
    if (line > 0 && (at / 3 + 1) % (line / 4) == 0) { text += "\r\n"; }
  }
  return text;
}

/// "seen 0; truncated; "
std::string told(std::string_view stream, std::size_t piece) {
  const std::array families{ticket_scan::family()};
  Context context;
  context.scan_streams = true;
  Conversation conversation{families, context};
  std::vector<Finding> found;
  for (auto rest = as_bytes(stream); !rest.empty();) {
    const auto next = rest.first(std::min(piece, rest.size()));
    const std::vector<std::byte> copy(next.begin(), next.end());
    conversation.on_bytes(Side::kInitiator, copy, {}, found);
    rest = rest.subspan(next.size());
  }
  conversation.on_end(Side::kInitiator, {}, found);
  std::string text;
  for (const auto& finding : found) {
    if (const auto* seen = std::get_if<TicketSeen>(&finding.what)) {
      text += "seen " + std::to_string(static_cast<int>(seen->ticket.format));
      const auto& remarks = seen->ticket.remarks;
      const bool is_part =
          std::ranges::find(remarks, observation::Ticket::kPartOfInvitation) != remarks.end();
      text += is_part ? " (part); " : "; ";
      EXPECT_STREQ(seen->carriage.protocol, "TCP");
    } else if (const auto* refused = std::get_if<TicketRefused>(&finding.what)) {
      text += refused->error + "; ";
    }
  }
  return text;
}

void expect_told(const std::string& stream, std::string_view expected) {
  for (const std::size_t piece : {100'000U, 1U, 2U, 3U, 5U, 7U, 16U, 50U, 333U, 1460U}) {
    EXPECT_EQ(told(stream, piece), expected) << "pieces of " << piece;
  }
}

std::string wide(std::string_view text) {
  const auto bytes = testing::utf16le(text, false);
  return std::string{as_text(bytes)};
}

TEST(StreamScan, FindsEveryFormatInEveryWrapping) {
  const std::vector<std::pair<std::string, std::string>> tickets{
      {testing::xp_ticket(), "seen 0; "},
      {testing::vista_ticket(), "seen 1; "},
      {std::string{testing::kConnectionString1}, "seen 2; "},
      {std::string{testing::kConnectionString2}, "seen 3; "}};
  const std::string before{"\x05\0\0\x07noise <UPLOAD 65538 \xff", 24};
  for (const auto& [ticket, seen] : tickets) {
    expect_told(before + ticket + "\0 more"s, seen);
    expect_told(before + wide(ticket) + "more", seen);
    for (const std::string_view lead : {"", "a", "ab", "abc"}) {
      const auto inside = std::string{lead} + ticket;
      expect_told(before + '"' + base64(inside, 0) + '"', seen);
      expect_told(before + "\r\n" + base64(inside, 76) + "\r\n.\r\n", seen);
      expect_told(before + '"' + base64(std::string{lead} + wide(ticket), 0) + "\" more", seen);
    }
  }
}

TEST(StreamScan, FindsWhatFollows) {
  const auto one = testing::xp_ticket();
  expect_told("1" + one + "2" + base64(testing::vista_ticket(), 76) + "\n;3" + one + "4",
              "seen 0; seen 1; ");
}

TEST(StreamScan, RefusesOnlyWhatIsMoreThanTalkOfTickets) {
  expect_told("\1\2\3" + testing::xp_ticket().substr(0, 150) + "\xff", "truncated; ");
  expect_told("<UPLOADINFO TYPE=\"Escalated\"> holds <UPLOADDATA RCTICKET=\"65538,1,1.2.3.4:1,\"",
              "");
  expect_told("<UPLOADINFO TYPE=\"Escalated\"><UPLOADDATA LHTICKET=\"20FCC4...\"/></UPLOADINFO>",
              "");
}

TEST(StreamScan, SaysThatAConnectionStringIsPartOfAnInvitation) {
  const auto part = "RCTICKET=\"" + std::string{testing::kConnectionString1} + "\" L=\"0\"/>";
  expect_told("\1\2" + part, "seen 2 (part); ");
  expect_told("\1\2" + wide(part), "seen 2 (part); ");
  for (const std::string_view lead : {"", "a", "ab"}) {
    expect_told('"' + base64(std::string{lead} + part, 0) + '"', "seen 2 (part); ");
    expect_told('"' + base64(std::string{lead} + wide(part), 0) + '"', "seen 2 (part); ");
  }
  // At the end of the stream, and behind another.
  expect_told(part.substr(0, part.find("\" L")) + "\"", "seen 2 (part); ");
  expect_told(part + "string: " + std::string{testing::kConnectionString1} + ";",
              "seen 2 (part); ");
}

/// Takes the stream for its own and says nothing.
class Reader final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side /*from*/, ByteView bytes, Instant /*at*/,
                                     Findings& /*out*/) override {
    return bytes.size();
  }
  void on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) override {}
};

TEST(StreamScan, LeavesPartsOfInvitationsToWhoeverReadsTheStream) {
  const auto recognise = [](ByteView first) {
    return as_text(first).starts_with("known") ? Verdict::kYes : Verdict::kNo;
  };
  const std::array families{Family{.protocol = Protocol{"known"},
                                   .recognise = recognise,
                                   .make = [](const Context&) -> std::unique_ptr<Dissector> {
                                     return std::make_unique<Reader>();
                                   }},
                            ticket_scan::family()};
  Context context;
  context.scan_streams = true;
  const std::string string{testing::kConnectionString1};
  const auto count = [&](const std::string& stream) {
    Conversation conversation{families, context};
    std::vector<Finding> found;
    conversation.on_bytes(Side::kInitiator, as_bytes(stream), {}, found);
    return found.size();
  };
  EXPECT_EQ(count("known RCTICKET=\"" + string + "\" "), 0U);
  EXPECT_EQ(count("known " + string + " "), 1U);
  EXPECT_EQ(count("other RCTICKET=\"" + string + "\" "), 1U);
  EXPECT_EQ(count("known " + testing::xp_ticket() + " "), 1U);
}

TEST(StreamScan, FindsNothingInNoise) {
  std::mt19937 noise{7};
  std::string stream(std::size_t{1} << 20U, ' ');
  std::ranges::generate(stream, [&] { return static_cast<char>(noise() & 0xffU); });
  EXPECT_EQ(told(stream, 1460), "");
  constexpr std::string_view kDigits{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/"};
  std::ranges::generate(stream, [&] { return kDigits[noise() % kDigits.size()]; });
  EXPECT_EQ(told(stream, 1460), "");
}

TEST(StreamScan, IsOffUnlessTheOperatorWantsIt) {
  const std::array families{ticket_scan::family()};
  EXPECT_EQ(families[0].make_listener(nothing_given()), nullptr);
  Conversation conversation{families};
  std::vector<Finding> found;
  conversation.on_bytes(Side::kInitiator, as_bytes(testing::xp_ticket()), {}, found);
  EXPECT_TRUE(found.empty());
  EXPECT_FALSE(conversation.listens());
}

}  // namespace
}  // namespace remora::ticket
