#include "daemon/outputs/kafka/producer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_parcels.h"
#include "mock_cluster.h"

namespace remora::outputs::kafka {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::Not;
using Fate = Report::Fate;

TEST(KafkaProducer, ReportsWhatWasDelivered) {
  const MockCluster cluster;
  std::string problem;
  const auto producer = Producer::make(cluster.config(), problem);
  ASSERT_NE(producer, nullptr) << problem;
  const auto deadline = steady_clock::now() + seconds{30};
  Report report;
  producer->produce(make_record(made_parcels(1, 1).front(), Format::kProtobuf), report, deadline);
  producer->wait(deadline);
  EXPECT_EQ(report.fate, Fate::kDelivered);
  EXPECT_EQ(report.error, RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_FALSE(producer->broken());
}

TEST(KafkaProducer, TakesNothingLargerThanARecordMayBe) {
  const MockCluster cluster;
  std::string problem;
  const auto producer = Producer::make(cluster.config(), problem);
  ASSERT_NE(producer, nullptr) << problem;
  Report report;
  producer->produce(make_record(large_parcel(1, 1'100'000), Format::kProtobuf), report,
                    steady_clock::now());
  EXPECT_EQ(report.fate, Fate::kNotProduced);
  EXPECT_EQ(report.error, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
}

TEST(KafkaProducer, SaysWhichFileItCannotUse) {
  Config config;
  config.brokers = "127.0.0.1:1";
  config.topic = kTopic;
  config.tls.enabled = true;
  config.tls.ca_file = "/nowhere/ca.pem";
  std::string problem;
  EXPECT_EQ(Producer::make(config, problem), nullptr);
  EXPECT_THAT(problem, HasSubstr("ssl.ca.location"));
}

TEST(KafkaProducer, KeepsTheValueOfAWrongSettingToItself) {
  Config config;
  config.brokers = "127.0.0.1:1";
  config.topic = kTopic;
  config.compression = "pa55";
  std::string problem;
  EXPECT_EQ(Producer::make(config, problem), nullptr);
  EXPECT_THAT(problem, HasSubstr("compression.type"));
  EXPECT_THAT(problem, Not(HasSubstr("pa55")));
}

TEST(KafkaProducer, TellsWhatKeepsItFromABroker) {
  MockCluster cluster;
  cluster.set_down();
  std::string problem;
  const auto producer = Producer::make(cluster.config(), problem);
  ASSERT_NE(producer, nullptr) << problem;
  const auto give_up = steady_clock::now() + seconds{30};
  Report report;
  producer->produce(make_record(made_parcels(1, 1).front(), Format::kProtobuf), report, give_up);
  while (producer->complaint() == RD_KAFKA_RESP_ERR_NO_ERROR && steady_clock::now() < give_up) {
    producer->wait(steady_clock::now() + std::chrono::milliseconds{10});
  }
  EXPECT_NE(producer->complaint(), RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_NE(producer->complaint_text(), "");
  producer->forget_complaint();
  EXPECT_EQ(producer->complaint(), RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_EQ(producer->complaint_text(), "");
}

}  // namespace
}  // namespace remora::outputs::kafka
