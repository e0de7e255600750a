#include "daemon/secrets/key_files.h"

#include <fstream>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace remora::secrets {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class KeyFilesTest : public ::testing::Test {
 protected:
  SecretFile file(const std::string& content, mode_t mode = 0600) {
    const auto path = folder_.path() / "keys";
    std::ofstream{path, std::ios::trunc} << content;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return SecretFile::open(path).value();
  }
  testing::ScratchFolder folder_;
  keys::KeyRing ring_;
  Warnings warnings_;
};

TEST_F(KeyFilesTest, TakesPasswordsOneALine) {
  ASSERT_TRUE(add_ticket_passwords(file("one\r\n\n two \nlast"), ring_, warnings_).has_value());
  ASSERT_EQ(ring_.ticket_passwords().size(), 3U);
  EXPECT_EQ(ring_.ticket_passwords()[0].text(), "one");
  EXPECT_EQ(ring_.ticket_passwords()[1].text(), " two ");
  EXPECT_EQ(ring_.ticket_passwords()[2].text(), "last");
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(KeyFilesTest, WarnsWhereOthersMayRead) {
  ASSERT_TRUE(add_ticket_passwords(file("one", 0644), ring_, warnings_).has_value());
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("may be read by others")));
}

TEST_F(KeyFilesTest, WarnsOfAKeyLogWithoutKeys) {
  ASSERT_TRUE(add_key_log(file("nothing of use\n"), ring_, warnings_).has_value());
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("holds no TLS secrets")));
}

TEST_F(KeyFilesTest, RefusesWhatIsNoKey) {
  const auto added = add_rsa_key(file("no key"), keys::Secret{}, ring_, warnings_);
  ASSERT_FALSE(added.has_value());
  EXPECT_THAT(added.error(), HasSubstr("keys: "));
  EXPECT_FALSE(ring_.has_rsa_keys());
}

TEST_F(KeyFilesTest, APassphraseIsTheFirstLine) {
  EXPECT_EQ(read_passphrase(file("open sesame\r\nmore\n"), warnings_).value().text(),
            "open sesame");
}

}  // namespace
}  // namespace remora::secrets
