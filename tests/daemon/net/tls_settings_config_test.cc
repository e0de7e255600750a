#include "daemon/net/tls_settings_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

[[nodiscard]] delivery::TlsSettings read(const std::string& text, config::Problems& problems) {
  auto output = config::Map::read_text(text, "test.yaml", problems);
  auto settings = read_tls_settings(output);
  output.done();
  return settings;
}

TEST(TlsSettingsConfig, WithoutABlockMeansNoTls) {
  config::Problems problems;
  EXPECT_FALSE(read("{}", problems).enabled);
  EXPECT_THAT(problems, IsEmpty());
}

TEST(TlsSettingsConfig, WithABlockMeansVerifiedTls) {
  config::Problems problems;
  const auto settings =
      read("tls: {ca_file: ca.pem, certificate_file: c.pem, key_file: k.pem}", problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_TRUE(settings.enabled);
  EXPECT_TRUE(settings.verify);
  EXPECT_EQ(settings.ca_file, "ca.pem");
  EXPECT_EQ(settings.certificate_file, "c.pem");
  EXPECT_EQ(settings.key_file, "k.pem");
}

TEST(TlsSettingsConfig, CanBeSwitchedOff) {
  config::Problems problems;
  EXPECT_FALSE(read("tls: {enabled: false}", problems).enabled);
  EXPECT_FALSE(read("tls: {verify: false}", problems).verify);
  EXPECT_EQ(read("tls: {server_name: collector.example}", problems).server_name,
            "collector.example");
  EXPECT_THAT(problems, IsEmpty());
}

TEST(TlsSettingsConfig, RefusesWhatContradictsItself) {
  config::Problems problems;
  (void)read("tls: {key_file: k.pem}", problems);
  (void)read("tls: {verify: false, ca_file: ca.pem}", problems);
  (void)read("tls: {cafile: ca.pem}", problems);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("set certificate_file as well"), HasSubstr("useless"),
                                    HasSubstr("ca_file")));
}

}  // namespace
}  // namespace remora::net
