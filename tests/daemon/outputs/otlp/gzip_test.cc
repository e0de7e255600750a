#include "daemon/outputs/otlp/gzip.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::outputs::otlp {
namespace {

std::string packed(const std::string& text) {
  std::string out;
  Gzip{}.append(text, out);
  return out;
}

TEST(Gzip, GivesBackWhatWentIn) {
  for (const auto& text : {std::string{}, std::string{"one"}, std::string(100'000, 'x')}) {
    EXPECT_EQ(gunzip(packed(text), 100'000), text);
  }
}

TEST(Gzip, IsUsedAgainAndLeavesWhatIsThere) {
  Gzip gzip;
  std::string first;
  std::string second{"before"};
  gzip.append("text", first);
  gzip.append("text", second);
  EXPECT_EQ(second, "before" + first);
}

TEST(Gzip, ABombIsNotUnpacked) {
  EXPECT_EQ(gunzip(packed(std::string(100'001, 'x')), 100'000), std::nullopt);
}

TEST(Gzip, DamageGivesNothing) {
  const auto whole = packed("some text");
  EXPECT_EQ(gunzip(whole.substr(0, whole.size() - 1), 100), std::nullopt);
  EXPECT_EQ(gunzip("some text", 100), std::nullopt);
  EXPECT_EQ(gunzip("", 100), std::nullopt);
}

}  // namespace
}  // namespace remora::outputs::otlp
