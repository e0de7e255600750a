#include "daemon/settings/analysis.h"
#include "daemon/settings/key_paths.h"
#include "daemon/settings/privacy.h"
#include "tests/daemon/settings/reading.h"

namespace remora::settings {
namespace {

using ::testing::ElementsAre;

TEST(AnalysisSettings, HaveDefaultsAndAreRead) {
  EXPECT_EQ(read_good("", read_analysis), Analysis{});
  EXPECT_EQ(read_good("memory: 1TiB\ninterim_interval: 1h\nchecksums: verify\n"
                      "scan_streams: true\nopen_easy_connect: true\n",
                      read_analysis),
            (Analysis{.memory = std::uint64_t{1} << 40U,
                      .interim_interval = std::chrono::hours{1},
                      .checksums = pipeline::Checksums::kVerify,
                      .scan_streams = true,
                      .open_easy_connect = true}));
}

TEST(AnalysisSettings, SayWhatIsWrong) {
  EXPECT_THAT(problems_of("memory: 1MiB\ninterim_interval: 25h\nchecksums: no\n", read_analysis),
              ElementsAre("r.yaml:1: memory: a size from 16MiB to 1TiB is wanted",
                          "r.yaml:2: interim_interval: a time from 10s to 1d is wanted",
                          "r.yaml:3: checksums: one of these is wanted: auto, ignore, verify"));
}

TEST(KeyPathSettings, AreListsOfFiles) {
  EXPECT_EQ(read_good("", read_key_paths), KeyPaths{});
  EXPECT_EQ(read_good("tls_keylogs: a.log\nrsa_keys: [b.pem, c.pem]\n"
                      "rsa_key_passphrase_file: d\nticket_password_files: [e]\n",
                      read_key_paths),
            (KeyPaths{.tls_keylogs = {"a.log"},
                      .rsa_keys = {"b.pem", "c.pem"},
                      .rsa_key_passphrase_file = "d",
                      .ticket_password_files = {"e"}}));
}

TEST(KeyPathSettings, SayWhatIsWrong) {
  EXPECT_THAT(
      problems_of("rsa_key_passphrase_file: d\ntls_keylogs:\n  - a\n  - \"\"\n", read_key_paths),
      ElementsAre("r.yaml:4: tls_keylogs: is empty; name a file",
                  "r.yaml:1: rsa_key_passphrase_file: is for rsa_keys, of which there are none"));
}

TEST(PrivacySettings, HideNothingUnlessToldSo) {
  EXPECT_EQ(read_good("", read_privacy), Privacy{});
  EXPECT_TRUE(Privacy{}.hides_nothing());
  const auto privacy = read_good("user_names: hash\nfile_names: omit\nkey_file: k\n", read_privacy);
  EXPECT_EQ(
      privacy,
      (Privacy{.user_names = Treatment::kHash, .file_names = Treatment::kOmit, .key_file = "k"}));
  EXPECT_FALSE(privacy.hides_nothing());
}

TEST(PrivacySettings, WantAKeyForHandles) {
  EXPECT_THAT(
      problems_of("user_names: omit\nhost_names: hash\nfile_names: none\n", read_privacy),
      ElementsAre("r.yaml:2: host_names: hash needs a key_file: without a key names can be guessed",
                  "r.yaml:3: file_names: one of these is wanted: full, hash, omit"));
}

}  // namespace
}  // namespace remora::settings
