#include "dissect/http/body_frames.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace remora::http {
namespace {

using http_head::BodyFraming;

struct Unframed {
  std::string content;
  std::size_t used{0};
  bool done{false};
  bool broken{false};
};

/// Reads `text` in pieces, keeping what is not consumed as a conversation does.
[[nodiscard]] Unframed unframe(BodyFrames frames, std::string_view text, std::size_t piece) {
  Unframed result;
  std::string tail;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    tail += text.substr(at, piece);
    while (!tail.empty() && !frames.done() && !frames.broken()) {
      const auto step = frames.next(as_bytes(tail));
      result.content += as_text(step.content);
      result.used += step.used;
      tail.erase(0, step.used);
      if (step.used == 0) { break; }
    }
  }
  result.done = frames.done();
  result.broken = frames.broken();
  return result;
}

const std::string kChunked =
    "4;a=b\r\nabcd\r\n00A\r\n0123456789\r\n1\nx\n0\r\nDigest: y\r\nOther: z\r\n\r\n";

TEST(BodyFrames, GiveTheSameContentHoweverItIsCut) {
  for (std::size_t piece = 1; piece <= kChunked.size() + 3; ++piece) {
    const auto chunked = unframe({BodyFraming::kChunked, 0}, kChunked + "GET", piece);
    EXPECT_EQ(chunked.content, "abcd0123456789x") << piece;
    EXPECT_EQ(chunked.used, kChunked.size());
    EXPECT_TRUE(chunked.done);
    const auto length = unframe({BodyFraming::kLength, 5}, "abcdeGET", piece);
    EXPECT_EQ(length.content, "abcde");
    EXPECT_TRUE(length.done);
    const auto until_close = unframe({BodyFraming::kUnbounded, 0}, "abcde", piece);
    EXPECT_EQ(until_close.content, "abcde");
    EXPECT_FALSE(until_close.done);
  }
  EXPECT_TRUE((BodyFrames{BodyFraming::kNone, 0}).done());
  EXPECT_TRUE((BodyFrames{BodyFraming::kLength, 0}).done());
}

TEST(BodyFrames, BreakWhereChunksDo) {
  for (const auto* text : {"x\r\n", "1\r\nabc",
                           "0\r\n"
                           "a"}) {
    const auto read = unframe({BodyFraming::kChunked, 0}, text, 1);
    EXPECT_EQ(read.broken, text[0] != '0') << text;
  }
  std::string trailer = "0\r\n";
  for (std::uint32_t line = 0; line <= BodyFrames::kMaxTrailerLines; ++line) { trailer += "a\r\n"; }
  EXPECT_TRUE(unframe({BodyFraming::kChunked, 0}, trailer, 7).broken);
}

TEST(BodyFrames, PassOverContentAndGoOnBehindIt) {
  BodyFrames chunked{BodyFraming::kChunked, 0};
  EXPECT_EQ(chunked.pass_over(), 0U);
  (void)chunked.next(as_bytes("a\r\n"));
  EXPECT_TRUE(chunked.in_content());
  EXPECT_EQ(chunked.pass_over(), 10U);
  EXPECT_EQ(chunked.next(as_bytes("\r\n")).used, 2U);
  BodyFrames length{BodyFraming::kLength, 7};
  (void)length.next(as_bytes("ab"));
  EXPECT_EQ(length.pass_over(), 5U);
  EXPECT_TRUE(length.done());
}

TEST(BodyFrames, SurviveAHoleWithinContentOnly) {
  BodyFrames length{BodyFraming::kLength, 7};
  EXPECT_TRUE(length.on_gap(3));
  EXPECT_FALSE(length.done());
  EXPECT_TRUE(length.on_gap(4));
  EXPECT_TRUE(length.done());
  BodyFrames chunked{BodyFraming::kChunked, 0};
  EXPECT_FALSE(chunked.on_gap(1));
  EXPECT_TRUE(chunked.broken());
  BodyFrames chunk{BodyFraming::kChunked, 0};
  (void)chunk.next(as_bytes("3\r\n"));
  EXPECT_FALSE(chunk.on_gap(4));
  EXPECT_TRUE((BodyFrames{BodyFraming::kUnbounded, 0}).on_gap(1000));
}

}  // namespace
}  // namespace remora::http
