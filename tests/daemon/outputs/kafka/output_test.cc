#include "daemon/outputs/kafka/output.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_parcels.h"
#include "mock_cluster.h"

namespace remora::outputs::kafka {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

std::set<std::string> ids(const std::vector<testing::StoredRecord>& records) {
  std::set<std::string> out;
  for (const auto& record : records) { out.insert(record.headers.at("event-id")); }
  return out;
}

std::set<std::string> ids(const std::vector<delivery::Parcel>& batch) {
  std::set<std::string> out;
  for (const auto& parcel : batch) { out.insert(parcel.event.event_id()); }
  return out;
}

/// Each session lies in one partition, and the first of each of its events stand in order.
void expect_order(const std::vector<testing::StoredRecord>& records) {
  std::map<std::string, std::int32_t> partition;
  std::map<std::string, unsigned long> last;
  std::set<std::string> seen;
  for (const auto& record : records) {
    EXPECT_EQ(partition.try_emplace(record.key, record.partition).first->second, record.partition);
    const auto& id = record.headers.at("event-id");
    if (!seen.insert(id).second) { continue; }
    const auto number = std::stoul(id.substr(1));
    EXPECT_GT(number, last[record.key]) << "of " << record.key;
    last[record.key] = number;
  }
}

/// Several requests of each partition are on their way at once.
Config in_small_requests(const MockCluster& cluster) {
  auto config = cluster.config();
  config.max_record_bytes = 1'000;
  return config;
}

/// Sends until all is taken, as delivery does; how often it took, and how many were refused.
struct Sent {
  int calls{0};
  std::size_t refused{0};
  std::string problem;
};
Sent send_all(KafkaOutput& output, std::span<const delivery::Parcel> batch) {
  constexpr int kMostCalls = 100;
  Sent sent;
  while (!batch.empty() && sent.calls < kMostCalls) {
    const auto outcome = output.send(batch);
    ++sent.calls;
    sent.refused += outcome.refused;
    if (!outcome.problem.empty()) { sent.problem = outcome.problem; }
    batch = batch.subspan(outcome.taken);
  }
  EXPECT_TRUE(batch.empty()) << sent.problem;
  return sent;
}

TEST(KafkaOutput, DeliversEveryEventOnceAndInOrder) {
  const MockCluster cluster{3};
  KafkaOutput output{cluster.config()};
  const auto batch = made_parcels(1, 1'000);
  const auto outcome = output.send(batch);
  EXPECT_EQ(outcome.taken, 1'000U);
  EXPECT_EQ(outcome.refused, 0U);
  EXPECT_EQ(outcome.problem, "");

  const auto records = cluster.records();
  EXPECT_EQ(records.size(), 1'000U);
  EXPECT_EQ(ids(records), ids(batch));
  expect_order(records);
}

TEST(KafkaOutput, WritesKeyValueAndHeaders) {
  const MockCluster cluster;
  KafkaOutput output{cluster.config()};
  const auto batch = made_parcels(7, 7);
  ASSERT_EQ(output.send(batch).taken, 1U);
  const auto records = cluster.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records.front().key, "s1");
  EXPECT_EQ(records.front().value, batch.front().bytes);
  EXPECT_THAT(
      records.front().headers,
      ::testing::ElementsAre(::testing::Pair("content-type", "application/x-protobuf"),
                             ::testing::Pair("event-id", "e7"), ::testing::Pair("kind", "anomaly"),
                             ::testing::Pair("schema", "remora.v1.Event")));
}

TEST(KafkaOutput, GoesOnWhenTheQueueIsFull) {
  const MockCluster cluster;
  KafkaOutput output{cluster.config()};
  const auto batch = made_parcels(1, 25'000);  // more than the queue holds
  EXPECT_EQ(output.send(batch).taken, batch.size());
  const auto records = cluster.records();
  EXPECT_EQ(records.size(), batch.size());
  expect_order(records);
}

TEST(KafkaOutput, SendsAgainWhatABrokerCouldNotTake) {
  MockCluster cluster;
  KafkaOutput output{in_small_requests(cluster)};
  cluster.refuse_writes(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, 3);
  cluster.refuse_writes(RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, 2);
  cluster.refuse_writes(RD_KAFKA_RESP_ERR__TRANSPORT, 2);  // the connection is cut
  const auto batch = made_parcels(1, 300);
  EXPECT_EQ(send_all(output, batch).refused, 0U);
  const auto records = cluster.records();
  EXPECT_EQ(ids(records), ids(batch));
  expect_order(records);
}

TEST(KafkaOutput, GivesUpAnEventThatIsTooLargeAndNoOther) {
  const MockCluster cluster;
  KafkaOutput output{cluster.config()};
  auto batch = made_parcels(1, 20);
  batch[9] = large_parcel(10, 1'100'000);
  const auto outcome = output.send(batch);
  EXPECT_EQ(outcome.taken, 20U);
  EXPECT_EQ(outcome.refused, 1U);
  EXPECT_THAT(outcome.problem, HasSubstr("an event is too large; raise max_record_bytes"));
  auto expected = ids(batch);
  expected.erase("e10");
  EXPECT_EQ(ids(cluster.records()), expected);
}

// Brokers refuse what was sent as one together: Kafka's limit is that of a batch.
TEST(KafkaOutput, LosesNothingWhenRecordsAreRefusedTogether) {
  for (const auto error :
       {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_RECORD}) {
    MockCluster cluster;
    KafkaOutput output{in_small_requests(cluster)};
    cluster.refuse_writes(error, 1);
    const auto batch = made_parcels(1, 50);
    const auto sent = send_all(output, batch);
    EXPECT_EQ(sent.calls, 1);
    EXPECT_EQ(sent.refused, 0U) << sent.problem;
    const auto records = cluster.records();
    EXPECT_EQ(ids(records), ids(batch));
    expect_order(records);
  }
}

TEST(KafkaOutput, GivesUpWhatIsRefusedAlone) {
  MockCluster cluster;
  KafkaOutput output{cluster.config()};
  cluster.refuse_writes(RD_KAFKA_RESP_ERR_INVALID_RECORD, 1);
  const auto batch = made_parcels(1, 1);
  const auto outcome = output.send(batch);
  EXPECT_EQ(outcome.taken, 1U);
  EXPECT_EQ(outcome.refused, 1U);
  EXPECT_THAT(outcome.problem, HasSubstr("the topic refuses the record"));
  EXPECT_EQ(output.send(made_parcels(2, 9)).taken, 8U);
  EXPECT_EQ(ids(cluster.records()), ids(made_parcels(2, 9)));
}

TEST(KafkaOutput, KeepsEventsUntilABrokerIsThere) {
  MockCluster cluster;
  auto config = cluster.config();
  config.timeout = milliseconds{300};
  KafkaOutput output{config};
  ASSERT_EQ(send_all(output, made_parcels(1, 10)).refused, 0U);

  cluster.set_down();
  const auto batch = made_parcels(11, 40);
  const auto outcome = output.send(batch);
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_EQ(outcome.refused, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("kafka topic events at 127.0.0.1:"));

  cluster.set_up();
  EXPECT_EQ(send_all(output, batch).refused, 0U);
  const auto records = cluster.records();
  EXPECT_EQ(ids(records), ids(made_parcels(1, 40)));
  expect_order(records);
}

// The broker has them, its answer comes too late: they come twice and are not lost.
TEST(KafkaOutput, DoesNotCountWhatWasNotConfirmedInTime) {
  MockCluster cluster;
  auto config = cluster.config();
  config.timeout = milliseconds{500};
  KafkaOutput output{config};
  ASSERT_EQ(send_all(output, made_parcels(1, 10)).refused, 0U);
  rd_kafka_mock_broker_set_rtt(cluster.get(), -1, 5'000);
  const auto batch = made_parcels(11, 40);
  const auto outcome = output.send(batch);
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("not confirmed within 500ms"));

  rd_kafka_mock_broker_set_rtt(cluster.get(), -1, 0);
  EXPECT_EQ(send_all(output, batch).refused, 0U);
  const auto records = cluster.records();
  EXPECT_EQ(ids(records), ids(made_parcels(1, 40)));
  expect_order(records);
}

TEST(KafkaOutput, IsMadeAnewAfterAnErrorThatEndsTheProducer) {
  MockCluster cluster;
  KafkaOutput output{in_small_requests(cluster)};
  ASSERT_EQ(output.send(made_parcels(1, 10)).taken, 10U);
  cluster.refuse_writes(RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, 1);
  cluster.refuse_writes(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, 1);
  cluster.refuse_writes(RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, 1);
  const auto batch = made_parcels(11, 60);
  const auto sent = send_all(output, batch);
  EXPECT_EQ(sent.refused, 0U);
  const auto records = cluster.records();
  EXPECT_EQ(ids(records), ids(made_parcels(1, 60)));
  expect_order(records);
}

TEST(KafkaOutput, SaysThatTheTopicIsMissingAndKeepsTheEvents) {
  const MockCluster cluster;
  auto config = cluster.config();
  config.timeout = milliseconds{2'000};
  config.topic = "misspelt";
  rd_kafka_mock_topic_set_error(cluster.get(), "misspelt", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  KafkaOutput output{config};
  const auto outcome = output.send(made_parcels(1, 10));
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_EQ(outcome.refused, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("topic misspelt at"));
  EXPECT_THAT(outcome.problem, HasSubstr("there is no such topic"));
}

TEST(KafkaOutput, SaysThatItMayNotWriteAndKeepsTheEvents) {
  MockCluster cluster;
  KafkaOutput output{cluster.config()};
  cluster.refuse_writes(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 4);
  const auto batch = made_parcels(1, 1);
  const auto outcome = output.send(batch);
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_EQ(outcome.refused, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("grant it WRITE"));
  EXPECT_EQ(send_all(output, batch).refused, 0U);
}

TEST(KafkaOutput, KeepsEventsWhenItsFilesAreMissing) {
  const MockCluster cluster;
  auto config = cluster.config();
  config.tls.enabled = true;
  config.tls.ca_file = "/nowhere/ca.pem";
  KafkaOutput output{config};
  const auto outcome = output.send(made_parcels(1, 10));
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("ssl.ca.location"));
}

TEST(KafkaOutput, WritesNothingToStandardError) {
  MockCluster cluster;
  auto config = cluster.config();
  config.timeout = milliseconds{300};
  cluster.set_down();
  ::testing::internal::CaptureStderr();
  {
    KafkaOutput output{config};
    EXPECT_EQ(output.send(made_parcels(1, 10)).taken, 0U);
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(KafkaOutput, SendsOnAfterItWasReopened) {
  const MockCluster cluster;
  KafkaOutput output{cluster.config()};
  ASSERT_EQ(output.send(made_parcels(1, 10)).taken, 10U);
  output.reopen();
  ASSERT_EQ(output.send(made_parcels(11, 20)).taken, 10U);
  EXPECT_EQ(ids(cluster.records()), ids(made_parcels(1, 20)));
}

}  // namespace
}  // namespace remora::outputs::kafka
