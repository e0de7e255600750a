#include "dissect/smb/open_files.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::smb {
namespace {

TEST(OpenFiles, AreKnownByTheIdThatTheServerGave) {
  OpenFiles files;
  const auto number = files.ask({.share = "\\s", .path = "a"});
  EXPECT_FALSE(files.number_of({.session = 1, .transient = 7}).has_value());
  files.grant(number, {.session = 1, .transient = 7}, 10);
  EXPECT_EQ(files.number_of({.session = 1, .transient = 7}), number);
  EXPECT_FALSE(files.number_of({.session = 2, .transient = 7}).has_value());
  // The server gives the id to another open: it has closed the first.
  const auto next = files.ask({.share = "\\s", .path = "b"});
  files.grant(next, {.session = 1, .transient = 7}, 10);
  EXPECT_EQ(files.find(number), nullptr);
  files.refuse(next);
  EXPECT_FALSE(files.number_of({.session = 1, .transient = 7}).has_value());
}

TEST(OpenFiles, AreForgottenBeyondTheLimit) {
  OpenFiles files;
  const auto first = files.ask({});
  for (std::size_t count = 0; count < OpenFiles::kMaxOpen; ++count) { (void)files.ask({}); }
  EXPECT_EQ(files.find(first), nullptr);
  EXPECT_NE(files.find(first + 1), nullptr);
}

TEST(OpenFiles, LieAtAPlace) {
  EXPECT_EQ(share_of(R"(\\srv\Support)"), R"(\Support)");
  EXPECT_EQ(share_of("Support"), R"(\Support)");
  EXPECT_EQ(share_of(""), "");
  EXPECT_EQ(place_of(R"(\Support)", R"(\In\A.txt::$DATA)"), R"(\support\in\a.txt)");
  EXPECT_EQ(place_of("", "a"), "");
  EXPECT_EQ(place_of("\\s", std::string(3000, 'a')), "");
  const auto carriage = carriage_of(R"(\Support)", R"(In\A.txt)");
  EXPECT_EQ(carriage.file_name, "A.txt");
}

}  // namespace
}  // namespace remora::smb
