#include "daemon/outputs/kafka/config.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::outputs::kafka {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Config read(const std::string& text, config::Problems& problems) {
  auto map = config::Map::read_text(text, "r.yaml", problems);
  auto config = read_config(map);
  map.done();
  return config;
}

TEST(KafkaConfig, ReadsEverySetting) {
  ASSERT_EQ(setenv("REMORA_TEST_PASSWORD", "pa$s", 1), 0);
  config::Problems problems;
  const auto config = read(
      "brokers: [k1:9093, k2:9093]\n"
      "topic: remora.events\n"
      "format: json\n"
      "compression: zstd\n"
      "linger: 5ms\n"
      "timeout: 10s\n"
      "max_record_bytes: 2MiB\n"
      "tls:\n"
      "  ca_file: /ca.pem\n"
      "  certificate_file: /c.pem\n"
      "  key_file: /k.pem\n"
      "sasl:\n"
      "  mechanism: plain\n"
      "  username: tap\n"
      "  password: ${REMORA_TEST_PASSWORD}\n",
      problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(config.brokers, "k1:9093,k2:9093");
  EXPECT_EQ(config.topic, "remora.events");
  EXPECT_EQ(config.format, Format::kJson);
  EXPECT_EQ(config.compression, "zstd");
  EXPECT_EQ(config.linger, milliseconds{5});
  EXPECT_EQ(config.timeout, milliseconds{10'000});
  EXPECT_EQ(config.max_record_bytes, 2U * 1024 * 1024);
  EXPECT_TRUE(config.tls.enabled);
  EXPECT_TRUE(config.tls.verify);
  EXPECT_EQ(config.tls.ca_file, "/ca.pem");
  EXPECT_EQ(config.tls.certificate_file, "/c.pem");
  EXPECT_EQ(config.tls.key_file, "/k.pem");
  EXPECT_EQ(config.sasl.mechanism, "PLAIN");
  EXPECT_EQ(config.sasl.username, "tap");
  EXPECT_EQ(config.sasl.password, "pa$s");
}

TEST(KafkaConfig, NeedsBrokersAndATopic) {
  config::Problems problems;
  const auto config = read("brokers: k1:9092\ntopic: remora\n", problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_FALSE(config.tls.enabled);
  EXPECT_EQ(config.sasl.mechanism, "");
  EXPECT_EQ(config.format, Format::kProtobuf);

  (void)read("format: json\n", problems);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("no broker is named; list them as HOST:PORT"),
                                    HasSubstr("topic: is missing")));
}

TEST(KafkaConfig, ShowsNoPasswordToTheNetwork) {
  config::Problems problems;
  (void)read(
      "brokers: k1:9092\ntopic: remora\n"
      "sasl: {mechanism: plain, username: tap, password: secret}\n",
      problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems.front(), HasSubstr("plain shows the password to the network"));
  EXPECT_THAT(problems.front(), ::testing::Not(HasSubstr("secret")));
}

TEST(KafkaConfig, RefusesWhatBrokersWouldRefuse) {
  config::Problems problems;
  (void)read("brokers: k1:9092\ntopic: a topic\ntimeout: 1ms\nmax_record_bytes: 1GiB\n", problems);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("r.yaml:2: topic: no topic has such a name"),
                                    HasSubstr("r.yaml:3: timeout: must lie between"),
                                    HasSubstr("r.yaml:4: max_record_bytes: must lie between")));
}

TEST(KafkaConfig, WantsTheKeyOfACertificate) {
  config::Problems problems;
  (void)read("brokers: k1:9092\ntopic: remora\ntls: {certificate_file: /c.pem}\n", problems);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("the certificate and its key come together")));
}

// Idempotence, acknowledgements and verification are not for sale.
TEST(KafkaConfig, HasNoDoorToOtherSettingsOfTheLibrary) {
  config::Problems problems;
  (void)read("brokers: k1:9092\ntopic: remora\nproperties: {acks: 0}\n", problems);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("properties")));
}

}  // namespace
}  // namespace remora::outputs::kafka
