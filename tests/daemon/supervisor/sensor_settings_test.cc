#include "daemon/supervisor/sensor_settings.h"

#include <array>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace remora::supervisor {
namespace {

using internal::v1::KeyFiles;
using ::testing::HasSubstr;

class SensorSettingsTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name) {
    const auto path = folder_.path() / name;
    std::ofstream{path} << name;
    return path;
  }
  testing::ScratchFolder folder_;
};

TEST_F(SensorSettingsTest, AllThatIsCapturedAndHow) {
  configuration::Configuration configuration;
  configuration.sensor_name = "tap-3";
  auto& interface = configuration.capture.interfaces.emplace_back();
  interface.name = "eth1";
  interface.snap_length = 96;
  configuration.capture.fast_mode_ports = {3389, 135};
  configuration.capture.threads = 3;
  configuration.analysis.memory = 1234;
  configuration.analysis.scan_streams = true;
  configuration.health_interval = std::chrono::seconds{5};
  const auto settings = sensor_settings(configuration, log::Reader::kJournal);
  EXPECT_EQ(settings.sensor_name(), "tap-3");
  ASSERT_EQ(settings.interfaces_size(), 1);
  EXPECT_EQ(settings.interfaces(0).name(), "eth1");
  EXPECT_EQ(settings.interfaces(0).snap_bytes(), 96U);
  EXPECT_EQ(settings.only_ports_size(), 2);
  EXPECT_EQ(settings.threads(), 3U);
  EXPECT_EQ(settings.memory_bytes(), 1234U);
  EXPECT_TRUE(settings.scan_streams());
  EXPECT_EQ(settings.health_ms(), 5000U);
  EXPECT_EQ(settings.log().reader(), static_cast<unsigned>(log::Reader::kJournal));
  const auto changed = changes(configuration, log::Reader::kJournal);
  EXPECT_TRUE(changed.scan_streams());
  EXPECT_EQ(changed.health_ms(), 5000U);
  EXPECT_EQ(changed.interim_ms(), 600'000U);
}

TEST_F(SensorSettingsTest, AKeyComesOpenAndAPassphraseBeforeIt) {
  settings::KeyPaths paths;
  paths.tls_keylogs = {file("log")};
  paths.rsa_keys = {file("key")};
  paths.rsa_key_passphrase_file = file("phrase");
  paths.ticket_password_files = {file("passwords")};
  const auto keys = open_keys(paths);
  ASSERT_TRUE(keys.has_value()) << keys.error();
  ASSERT_EQ(keys->told.files_size(), 4);
  EXPECT_EQ(keys->told.files(0).kind(), KeyFiles::TLS_KEY_LOG);
  EXPECT_EQ(keys->told.files(1).kind(), KeyFiles::RSA_KEY_PASSPHRASE);
  EXPECT_EQ(keys->told.files(2).kind(), KeyFiles::RSA_KEY);
  EXPECT_EQ(keys->told.files(3).kind(), KeyFiles::TICKET_PASSWORDS);
  ASSERT_EQ(keys->descriptors().size(), 4U);
  std::array<char, 16> text{};
  EXPECT_EQ(read(keys->descriptors()[2], text.data(), text.size()), 3);
}

TEST_F(SensorSettingsTest, AFileThatIsMissingIsSaid) {
  settings::KeyPaths paths;
  paths.rsa_keys = {folder_.path() / "none.pem"};
  const auto keys = open_keys(paths);
  ASSERT_FALSE(keys.has_value());
  EXPECT_THAT(keys.error(), HasSubstr("none.pem: cannot be read"));
}

}  // namespace
}  // namespace remora::supervisor
