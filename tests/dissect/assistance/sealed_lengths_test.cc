#include "dissect/assistance/sealed_lengths.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

namespace remora::assistance {
namespace {

class Sealed : public ::testing::Test {
 protected:
  /// "26x1 "
  std::string chunk(std::uint32_t bytes, Side from = Side::kAcceptor) {
    Findings out;
    lengths_.on_chunk(from, bytes, false, {.time = {}, .frame = FrameNumber{++frame_}}, out);
    std::string text;
    for (const auto& finding : out.found()) {
      const auto& sealed = std::get<observation::SealedAssistance>(finding.what);
      text += std::to_string(sealed.bytes) + 'x' + std::to_string(sealed.messages) + '#' +
              std::to_string(to_number(finding.at.frame)) + ' ';
    }
    return text;
  }

  SealedLengths lengths_{observation::SealedAssistance::Channel::kControl};
  std::uint64_t frame_{0};
};

TEST_F(Sealed, TellsEachSmallMessage) {
  EXPECT_EQ(chunk(30), "30x1#1 ");
  EXPECT_EQ(chunk(30), "30x1#2 ");
}

TEST_F(Sealed, AddsChunksUp) {
  EXPECT_EQ(chunk(1600), "");
  EXPECT_EQ(chunk(1600), "");
  EXPECT_EQ(chunk(7), "3207x1#3 ");
}

TEST_F(Sealed, TellsBlocksOfOneSizeTogether) {
  EXPECT_EQ(chunk(1044), "1044x1#1 ");
  EXPECT_EQ(chunk(1044), "");
  EXPECT_EQ(chunk(26, Side::kInitiator), "26x1#3 ");
  EXPECT_EQ(chunk(1044), "");
  EXPECT_EQ(chunk(44), "1044x2#4 44x1#5 ");
  EXPECT_EQ(chunk(1044), "1044x1#6 ");
}

TEST_F(Sealed, ForgetsAMessageWithAHole) {
  EXPECT_EQ(chunk(1600), "");
  lengths_.on_loss(Side::kAcceptor);
  EXPECT_EQ(chunk(7), "7x1#2 ");
}

}  // namespace
}  // namespace remora::assistance
