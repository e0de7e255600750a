#include "daemon/outputs/kafka/problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::outputs::kafka {
namespace {

using ::testing::EndsWith;
using ::testing::SizeIs;

Config config() {
  Config config;
  config.brokers = "b1:9092,b2:9092";
  config.topic = "remora";
  config.sasl = {.mechanism = "PLAIN", .username = "tap", .password = "pa55"};
  return config;
}

TEST(KafkaProblem, SaysWhatWhereAndWhatToDo) {
  EXPECT_EQ(problem_text(config(), RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, {}),
            "kafka topic remora at b1:9092,b2:9092: there is no such topic; create it, or correct "
            "topic");
}

TEST(KafkaProblem, LetsNothingThroughThatABrokerMightWriteToATerminal) {
  EXPECT_THAT(problem_text(config(), RD_KAFKA_RESP_ERR__AUTHENTICATION, "no\x1b[31m or\n or\xff."),
              EndsWith("look at sasl (no?[31m or? or?.)"));
}

TEST(KafkaProblem, SaysWhereScramCannotWork) {
  auto scram = config();
  scram.sasl.mechanism = "SCRAM-SHA-512";
  const auto text = problem_text(scram, RD_KAFKA_RESP_ERR__AUTHENTICATION, {});
  const bool hinted = text.ends_with("scram wants librdkafka 2.6.1 there");
  EXPECT_EQ(hinted, rd_kafka_version() < 0x020601ff) << text;
}

TEST(KafkaProblem, KeepsWhatOthersSayShort) {
  const auto plain = problem_text(config(), RD_KAFKA_RESP_ERR__SSL, {});
  EXPECT_THAT(problem_text(config(), RD_KAFKA_RESP_ERR__SSL, std::string(100'000, 'x')),
              SizeIs(plain.size() + 200 + 3));
}

TEST(KafkaProblem, TakesForARefusalOnlyWhatNoRetryMends) {
  EXPECT_TRUE(is_refusal(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE));
  EXPECT_TRUE(is_refusal(RD_KAFKA_RESP_ERR_INVALID_RECORD));
  EXPECT_FALSE(is_refusal(RD_KAFKA_RESP_ERR_NO_ERROR));
  EXPECT_FALSE(is_refusal(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC));
  EXPECT_FALSE(is_refusal(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED));
}

}  // namespace
}  // namespace remora::outputs::kafka
