#include "dissect/conversation/recogniser.h"

#include <array>
#include <string_view>

#include <gtest/gtest.h>

namespace remora {
namespace {

template <std::size_t kSize>
Verdict begins_with(ByteView bytes, const char (&start)[kSize]) {
  const std::string_view word{start};
  const auto text = as_text(bytes).substr(0, word.size());
  if (!word.starts_with(text)) { return Verdict::kNo; }
  return text.size() == word.size() ? Verdict::kYes : Verdict::kMore;
}

const std::array kFamilies{
    Family{.protocol = {"long"},
           .recognise = [](ByteView bytes) { return begins_with(bytes, "GET /long"); }},
    Family{.protocol = {"short"},
           .recognise = [](ByteView bytes) { return begins_with(bytes, "GET "); }},
    Family{.protocol = {"unwanted"},
           .recognise = [](ByteView bytes) { return begins_with(bytes, "P"); },
           .wanted = [](const Context& context) { return context.scan_streams; }},
    Family{.protocol = {"silent"}}};

std::string_view who(std::string_view text) {
  const auto answer = recognise(kFamilies, nothing_given(), as_bytes(text));
  if (answer.verdict == Verdict::kMore) { return "more"; }
  return answer.verdict == Verdict::kYes ? answer.family->protocol.word : "nobody";
}

TEST(Recogniser, WaitsForTheFirstFamilyThatMayBeMeant) {
  EXPECT_EQ(who("GET /long way"), "long");
  EXPECT_EQ(who("GET /x"), "short");
  EXPECT_EQ(who("PUT"), "nobody");
  EXPECT_EQ(who(""), "more");
}

TEST(Recogniser, DecidesTheSameHoweverFewBytesComeAtFirst) {
  for (const std::string_view text : {"GET /long way", "GET /look", "GET ?", "PUT /"}) {
    const auto whole = who(text);
    for (std::size_t size = 0; size < text.size(); ++size) {
      const auto early = who(text.substr(0, size));
      EXPECT_TRUE(early == "more" || early == whole) << text.substr(0, size) << ": " << early;
    }
  }
}

}  // namespace
}  // namespace remora
