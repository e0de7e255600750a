#include "daemon/secrets/privacy_key.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace remora::secrets {
namespace {

class PrivacyKey : public ::testing::Test {
 protected:
  settings::Privacy privacy_with(const std::string& content) {
    settings::Privacy privacy;
    privacy.user_names = settings::Treatment::kHash;
    privacy.key_file = folder_.path() / "privacy.key";
    std::ofstream{privacy.key_file} << content;
    return privacy;
  }

 private:
  remora::testing::ScratchFolder folder_;
};

TEST_F(PrivacyKey, IsTheFileWithoutItsLineEnd) {
  for (const auto* end : {"", "\n", "\r\n"}) {
    const auto key = privacy_key(privacy_with(std::string{"0123456789abcdef"} + end));
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(key->text(), "0123456789abcdef");
  }
}

TEST_F(PrivacyKey, IsNotReadWhereNothingIsHashed) {
  settings::Privacy privacy{.user_names = settings::Treatment::kOmit, .key_file = "/nonexistent"};
  const auto key = privacy_key(privacy);
  ASSERT_TRUE(key.has_value());
  EXPECT_TRUE(key->empty());
}

TEST_F(PrivacyKey, IsRefusedWhereItCannotServe) {
  EXPECT_FALSE(privacy_key(privacy_with("0123456789abcde\n")).has_value());
  EXPECT_FALSE(privacy_key(privacy_with(std::string(4097, 'x'))).has_value());
  auto missing = privacy_with("");
  missing.key_file += ".missing";
  EXPECT_FALSE(privacy_key(missing).has_value());
}

}  // namespace
}  // namespace remora::secrets
