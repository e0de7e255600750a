#include "dissect/conversation/message_stream.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace remora {
namespace {

/// Reads as the first letter says: "w" whole, "c" content behind two bytes as many as the second
/// letter says, else not at all.
struct Reader {
  std::string heard{};
  std::string content{};

  MessagePlan plan(ByteView start, std::uint32_t total) {
    heard += '<' + std::string{as_text(start)} + '/' + std::to_string(total) + '>';
    if (start.empty()) { return {}; }
    if (as_text(start)[0] == 'w') { return {.how = MessagePlan::How::kWhole}; }
    if (as_text(start)[0] != 'c') { return {}; }
    return {.how = MessagePlan::How::kContent,
            .content_at = 2,
            .content_bytes = static_cast<std::uint64_t>(as_text(start)[1] - '0')};
  }
  void on_message(ByteView message) { heard += "whole:" + std::string{as_text(message)}; }
  void on_content(ByteView bytes, bool last) {
    content += as_text(bytes);
    if (last) { heard += "content:" + content; }
  }
};

std::string hear(std::string_view message, std::size_t piece) {
  MessageStream stream{4};
  Reader reader;
  std::size_t at = 0;
  do {
    const auto bytes = message.substr(at, piece);
    stream.on_piece({.channel = {},
                     .from = Side::kInitiator,
                     .bytes = as_bytes(bytes),
                     .offset = static_cast<std::uint32_t>(at),
                     .total = static_cast<std::uint32_t>(message.size())},
                    reader);
    at += bytes.size();
  } while (at < message.size());
  return reader.heard;
}

TEST(MessageStream, IsTheSameHoweverItIsCut) {
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 100U}) {
    EXPECT_EQ(hear("whole message", piece), "<whol/13>whole:whole message");
    EXPECT_EQ(hear("w", piece), "<w/1>whole:w");
    EXPECT_EQ(hear("c5hello and more", piece), "<c5he/16>content:hello");
    EXPECT_EQ(hear("c1hello", piece), "<c1he/7>content:h");
    EXPECT_EQ(hear("c0hello", piece), "<c0he/7>content:");
    EXPECT_EQ(hear("c9hello", piece), "<c9he/7>");  // there is less than it says
    EXPECT_EQ(hear("other", piece), "<othe/5>");
    EXPECT_EQ(hear("", piece), "</0>");
  }
}

TEST(MessageStream, DropsWhatHasAHole) {
  MessageStream stream{2};
  Reader reader;
  const auto say = [&](std::string_view bytes, std::uint32_t offset) {
    stream.on_piece({.channel = {},
                     .from = Side::kInitiator,
                     .bytes = as_bytes(bytes), .offset = offset, .total = 8}, reader);
  };
  say("who", 0);
  say("le", 5);
  say("!!!", 5);
  say("whole", 0);
  stream.drop();
  say("!!!", 5);
  say("whole", 0);
  say("one", 5);
  EXPECT_EQ(reader.heard, "<wh/8><wh/8><wh/8>whole:wholeone");
}

TEST(MessageStream, KeepsNoLargeMessage) {
  const auto large = 'w' + std::string(MessageStream::kMaxMessage, 'x');
  EXPECT_EQ(hear(large, 1000), "<wxxx/16385>");
  EXPECT_EQ(hear(large.substr(1), 1000), "<xxxx/16384>");
}

}  // namespace
}  // namespace remora
