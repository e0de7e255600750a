#include "dissect/conversation/channel.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/conversation/dissector.h"

namespace remora {
namespace {

ChannelPiece piece(std::string_view bytes, std::uint32_t offset, std::uint32_t total) {
  return {.channel = "remdesk",
          .from = Side::kInitiator,
          .bytes = as_bytes(bytes),
          .offset = offset,
          .total = total};
}

TEST(ChannelMessage, GivesAWholePieceAsItIs) {
  ChannelMessage message;
  const std::string_view text = "hello";
  EXPECT_EQ(message.on_piece(piece(text, 0, 5)).data(), as_bytes(text).data());
}

TEST(ChannelMessage, PutsPiecesTogether) {
  ChannelMessage message;
  EXPECT_TRUE(message.on_piece(piece("he", 0, 5)).empty());
  EXPECT_TRUE(message.on_piece(piece("ll", 2, 5)).empty());
  EXPECT_EQ(as_text(message.on_piece(piece("o", 4, 5))), "hello");
  EXPECT_EQ(as_text(message.on_piece(piece("again", 0, 5))), "again");
}

TEST(ChannelMessage, ForgetsWhatHasAHole) {
  ChannelMessage message;
  EXPECT_TRUE(message.on_piece(piece("he", 0, 5)).empty());
  auto lost = piece("", 0, 0);
  lost.kind = ChannelPiece::Kind::kLost;
  EXPECT_TRUE(message.on_piece(lost).empty());
  EXPECT_TRUE(message.on_piece(piece("llo", 2, 5)).empty());
  EXPECT_TRUE(message.on_piece(piece("he", 0, 5)).empty());
  EXPECT_TRUE(message.on_piece(piece("o", 4, 5)).empty());  // not where it belongs
}

TEST(ChannelMessage, PassesOverWhatIsTooLarge) {
  ChannelMessage message;
  const std::string half(ChannelMessage::kMaxMessage, 'x');
  const auto total = static_cast<std::uint32_t>(2 * half.size());
  EXPECT_TRUE(message.on_piece(piece(half, 0, total)).empty());
  EXPECT_TRUE(message.on_piece(piece(half, total / 2, total)).empty());
}

/// Carries a channel: "name:text" is a message of the channel "name".
class Carrier final : public Dissector {
 public:
  std::size_t on_bytes(Side from, ByteView bytes, Instant /*at*/, Findings& out) override {
    const auto colon = as_text(bytes).find(':');
    out.set_certainty(Certainty::kDecrypted);
    out.pass_on(ChannelPiece{.channel = as_text(bytes).substr(0, colon),
                             .from = from,
                             .bytes = bytes.subspan(colon + 1),
                             .offset = 0,
                             .total = static_cast<std::uint32_t>(bytes.size() - colon - 1)});
    return bytes.size();
  }
  void on_gap(Side, std::uint64_t, Instant, Findings&) override {}
};

/// Tells what it hears; "outer" carries the channel "inner", and "itself" one of its own name.
class Listener final : public ChannelDissector {
 public:
  void on_piece(const ChannelPiece& piece, Instant at, Findings& out) override {
    out.observe(
        at, piece.from, "listener",
        observation::Anomaly{.code = std::string{piece.channel} + "=" +
                                     std::string{as_text(piece.bytes)} + std::to_string(++heard_),
                             .detail = {}});
    if (piece.channel == "outer" || piece.channel == "itself") {
      auto inner = piece;
      if (piece.channel == "outer") { inner.channel = "inner"; }
      out.pass_on(inner);
    }
  }

 private:
  int heard_{0};
};

std::vector<Finding> say(const std::vector<std::string_view>& messages) {
  static const std::array families{
      Family{.protocol = Protocol{"carrier"},
             .recognise = [](ByteView) { return Verdict::kYes; },
             .make = [](const Context&) -> std::unique_ptr<Dissector> {
               return std::make_unique<Carrier>();
             }},
      Family{.protocol = Protocol{"listener"},
             .reads_channel =
                 [](std::string_view name) { return name != "nobody" && name != "inner"; },
             .make_for_channels = []() -> std::unique_ptr<ChannelDissector> {
               return std::make_unique<Listener>();
             }},
      Family{.protocol = Protocol{"inner listener"},
             .reads_channel = [](std::string_view name) { return name == "inner"; },
             .make_for_channels = []() -> std::unique_ptr<ChannelDissector> {
               return std::make_unique<Listener>();
             }}};
  Conversation conversation{families};
  std::vector<Finding> found;
  for (const auto message : messages) {
    conversation.on_bytes(Side::kInitiator, as_bytes(message), {}, found);
  }
  return found;
}

std::string told(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& finding : found) {
    text += std::get<observation::Anomaly>(finding.what).code + ' ';
  }
  return text;
}

TEST(Channels, GoToOneReaderPerConnection) {
  EXPECT_EQ(told(say({"a:x", "b:y", "a:z"})), "a=x1 b=y2 a=z3 ");
}

TEST(Channels, OfNamesThatNobodyReadsAreDropped) {
  EXPECT_TRUE(say({"nobody:x"}).empty());
}

TEST(Channels, MayCarryChannels) {
  EXPECT_EQ(told(say({"outer:x"})), "outer=x1 inner=x1 ");
}

TEST(Channels, AreNotReadByWhoeverCarriesThem) {
  EXPECT_EQ(told(say({"itself:x", "itself:y"})), "itself=x1 itself=y2 ");
}

TEST(Channels, AreKnownAsTheirCarrierIs) {
  for (const auto& finding : say({"outer:x"})) {
    EXPECT_EQ(finding.certainty, Certainty::kDecrypted);
  }
}

}  // namespace
}  // namespace remora
