#include "dissect/assistance/assistance_dissector.h"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/assistance/messages.h"
#include "tests/support/hex.h"

namespace remora::assistance {
namespace {

using testing::operator+;
using testing::addressed;
using testing::Bytes;
using testing::hex;
using testing::u32;
using testing::utf16z;

constexpr auto kExpert = Side::kInitiator;
constexpr auto kNovice = Side::kAcceptor;

struct Spoken {
  Side from{};
  std::string channel;
  Bytes message;
};

const std::vector<Spoken> kTalk{
    {kNovice, "remdesk", hex("0e00000004000000520043005f00430054004c00000004000000")},
    {kNovice, "remdesk",
     hex("0e0000000c000000520043005f00430054004c000000060000000100000002000000")},
    {kExpert, "remdesk", addressed("RC_CTL", u32(8) + utf16z("10;NAME=Alice69;PASS=3C9C"))},
    {kNovice, "remdesk", hex("0e00000008000000520043005f00430054004c0000000200000000000000")},
    {kNovice, "encomsp",
     hex("0100050000 08001a0001000000000000000500050041006c00690063006500 0a000400")},
    {kExpert, "encomsp", hex("09000a00030001000000")},
    {kExpert, "remdesk", hex("0600000006000000370030000000680069000000")},
    {kExpert, "remdesk",
     addressed("71", utf16z(R"(<RCCOMMAND NAME="FILEXFER" FILENAME="a.txt" FILESIZE="5" )"
                            R"(CHANNELID="RA_FX"/>)"))},
    {kNovice, "remdesk", addressed("RA_FX", utf16z("FILEXFERACK"))},
    {kExpert, "remdesk", hex("0c00000005000000520041005f0046005800000068656c6c6f")},
    {kExpert, "remdesk", addressed("RA_FX", utf16z("FILEXFEREND"))},
};
constexpr std::string_view kTold =
    "assistance.server_announce assistance.version_info assistance.verify_password "
    "assistance.result encomsp.participant_created encomsp.graphics_paused encomsp.control_change "
    "assistance.chat assistance.command assistance.file assistance.file assistance.file ";

std::vector<Finding> hear(const std::vector<Spoken>& talk, std::size_t piece = 1U << 20U) {
  AssistanceDissector dissector;
  Findings out;
  for (const auto& spoken : talk) {
    const auto total = static_cast<std::uint32_t>(spoken.message.size());
    for (std::size_t at = 0; at < spoken.message.size(); at += piece) {
      // A copy of exact size, so that the sanitizer sees a read past its end.
      const auto size = std::min(piece, spoken.message.size() - at);
      const Bytes copy(spoken.message.begin() + static_cast<std::ptrdiff_t>(at),
                       spoken.message.begin() + static_cast<std::ptrdiff_t>(at + size));
      dissector.on_piece({.channel = spoken.channel,
                          .from = spoken.from,
                          .bytes = copy,
                          .offset = static_cast<std::uint32_t>(at),
                          .total = total},
                         {}, out);
    }
  }
  return out.found();
}

std::string rules(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& finding : found) {
    text += finding.rule;
    text += std::holds_alternative<observation::Damage>(finding.what) ? "! " : " ";
  }
  return text;
}

template <typename What>
What last(const std::vector<Finding>& found) {
  for (auto at = found.rbegin(); at != found.rend(); ++at) {
    if (const auto* what = std::get_if<What>(&at->what)) { return *what; }
  }
  ADD_FAILURE() << rules(found);
  return {};
}

TEST(AssistanceDissector, ReadsASession) {
  const auto found = hear(kTalk);
  EXPECT_EQ(rules(found), kTold);
  EXPECT_EQ(last<observation::ParticipantSeen>(found).name, "Alice");
  EXPECT_EQ(last<observation::FileStep>(found).bytes, 5U);
  EXPECT_TRUE(last<observation::FileStep>(found).sha256.has_value());
}

TEST(AssistanceDissector, FindsTheSameHoweverMessagesAreCut) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 40U}) {
    const auto whole = hear(kTalk);
    const auto cut = hear(kTalk, piece);
    ASSERT_EQ(rules(cut), rules(whole)) << piece;
    for (std::size_t i = 0; i < whole.size(); ++i) { EXPECT_TRUE(cut[i].what == whole[i].what); }
  }
}

TEST(AssistanceDissector, SurvivesDamage) {
  for (std::size_t at = 0; at < kTalk.size(); ++at) {
    for (std::size_t i = 0; i < kTalk[at].message.size(); ++i) {
      auto cut = kTalk;
      cut[at].message.resize(i);
      (void)hear(cut);
      for (const auto flip : {std::byte{0x01}, std::byte{0x80}, std::byte{0xff}}) {
        auto changed = kTalk;
        changed[at].message[i] ^= flip;
        (void)hear(changed);
      }
    }
  }
}

TEST(AssistanceDissector, ReadsChannelsOfTheirOwnWithAHeaderOrWithout) {
  EXPECT_EQ(rules(hear({{kNovice, "RC_CTL", u32(4)},
                        {kNovice, "RC_CTL", addressed("RC_CTL", u32(4))},
                        {kExpert, "70", utf16z("hi")},
                        {kNovice, "71", utf16z("<RCCOMMAND NAME=\"ACCEPTRC\"/>")},
                        {kExpert, "RA_FX", utf16z("FILEXFERACK")}})),
            "assistance.server_announce assistance.server_announce assistance.chat "
            "assistance.command assistance.file ");
}

TEST(AssistanceDissector, ReadsALargeBlockAsItComes) {
  const Bytes content(100'000, std::byte{'x'});
  const auto found = hear({{kExpert, "remdesk",
                            addressed("71", utf16z(R"(<RCCOMMAND NAME="FILEXFER" FILENAME="a" )"
                                                   R"(FILESIZE="100000" CHANNELID="1000.1"/>)"))},
                           {kNovice, "remdesk", addressed("1000.1", utf16z("FILEXFERACK"))},
                           {kExpert, "remdesk", addressed("1000.1", content)},
                           {kExpert, "remdesk", addressed("1000.1", utf16z("FILEXFEREND"))}},
                          1600);
  EXPECT_EQ(last<observation::FileStep>(found).bytes, 100'000U);
  EXPECT_TRUE(last<observation::FileStep>(found).sha256.has_value());
}

TEST(AssistanceDissector, PassesOverWhatIsLargeAndNoFile) {
  const Bytes text(20'000, std::byte{'x'});
  EXPECT_EQ(rules(hear({{kExpert, "remdesk", addressed("70", text)},
                        {kExpert, "remdesk", addressed("71", text)}},
                       1600)),
            "assistance.chat ");
}

TEST(AssistanceDissector, TellsWhatIsNoMessage) {
  EXPECT_EQ(rules(hear({{kNovice, "remdesk", hex("00000000 00000000")},
                        {kNovice, "remdesk", addressed("RC_CTL", hex("0200"))},
                        {kNovice, "remdesk", addressed("71", utf16z("x"))},
                        {kNovice, "remdesk", addressed("other", utf16z("x"))},
                        {kNovice, "encomsp", hex("0a000300")}})),
            "assistance.header! assistance.message! assistance.command! assistance.header! "
            "encomsp.order! ");
}

TEST(AssistanceDissector, KeepsNoFileWholeThatHasAHole) {
  AssistanceDissector dissector;
  Findings out;
  const auto say = [&](Side from, const Bytes& message) {
    dissector.on_piece({.channel = "remdesk",
                        .from = from,
                        .bytes = message,
                        .total = static_cast<std::uint32_t>(message.size())},
                       {}, out);
  };
  say(kExpert, addressed("71", utf16z(R"(<RCCOMMAND NAME="FILEXFER" FILENAME="a" FILESIZE="5" )"
                                      R"(CHANNELID="RA_FX"/>)")));
  say(kNovice, addressed("RA_FX", utf16z("FILEXFERACK")));
  dissector.on_piece({.channel = "remdesk", .from = kExpert, .kind = ChannelPiece::Kind::kLost}, {},
                     out);
  say(kExpert, addressed("RA_FX", utf16z("FILEXFEREND")));
  EXPECT_FALSE(last<observation::FileStep>(out.found()).sha256.has_value());
  EXPECT_FALSE(last<observation::FileStep>(out.found()).bytes.has_value());
}

TEST(AssistanceDissector, TellsTheSizesOfWhatIsSealed) {
  AssistanceDissector dissector;
  Findings out;
  for (const auto* const channel : {"remdesk", "encomsp", "70"}) {
    dissector.on_piece({.channel = channel,
                        .from = kNovice,
                        .kind = ChannelPiece::Kind::kSealed,
                        .bytes = {},
                        .total = 26},
                       {}, out);
  }
  EXPECT_EQ(rules(out.found()), "assistance.sealed assistance.sealed ");
}

}  // namespace
}  // namespace remora::assistance
