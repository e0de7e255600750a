#include "daemon/event/delimited.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t kMost = 1000;

/// What comes of `stream` in pieces of `piece` bytes.
[[nodiscard]] std::vector<std::string> frames_of(const std::string& stream, std::size_t piece) {
  DelimitedReader reader{kMost};
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    reader.append(std::string_view{stream}.substr(at, piece));
    auto frame = reader.next();
    for (; frame.has_value() && frame->has_value(); frame = reader.next()) {
      frames.emplace_back(**frame);
    }
    if (!frame.has_value()) {
      frames.push_back("wrong: " + frame.error());
      break;
    }
  }
  return frames;
}

TEST(Delimited, FramesComeBackHoweverTheStreamIsCut) {
  const std::string large(300, 'x');
  std::string stream;
  append_delimited(stream, "one");
  append_delimited(stream, "");
  append_delimited(stream, large);
  append_delimited(stream, std::string(kMost, 'y'));
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    EXPECT_THAT(frames_of(stream, piece), ElementsAre("one", "", large, std::string(kMost, 'y')))
        << piece;
  }
}

TEST(Delimited, AFrameBeyondTheLimitIsRefusedByItsLengthAlone) {
  std::string stream;
  append_delimited(stream, std::string(kMost + 1, 'x'));
  EXPECT_THAT(frames_of(stream.substr(0, 2), 1), ElementsAre(HasSubstr("larger than 1000")));
}

TEST(Delimited, ALengthThatDoesNotEndIsNone) {
  EXPECT_THAT(frames_of(std::string(9, '\xff'), 1), ElementsAre());
  EXPECT_THAT(frames_of(std::string(11, '\xff'), 1), ElementsAre(HasSubstr("no length")));
}

TEST(Delimited, HoldsNoMoreThanIsUnread) {
  DelimitedReader reader{kMost};
  std::string stream;
  append_delimited(stream, std::string(500, 'x'));
  for (int round = 0; round < 100; ++round) {
    reader.append(stream);
    ASSERT_TRUE(reader.next()->has_value());
    EXPECT_EQ(reader.held_bytes(), 0U);
  }
  reader.append("\x05half");
  ASSERT_TRUE(reader.next().has_value());
  EXPECT_EQ(reader.held_bytes(), 5U);
}

}  // namespace
}  // namespace remora
