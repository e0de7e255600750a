#include "mock_cluster.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace remora::outputs::kafka {
namespace {

constexpr std::int16_t kProduceRequest = 0;  // Kafka's number of it
constexpr int kPartitions = 4;

}  // namespace

MockCluster::MockCluster(int brokers) {
  std::array<char, 256> why{};
  auto* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, nullptr);
  handle_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()));
  if (handle_ == nullptr) {
    rd_kafka_conf_destroy(conf);
    throw std::runtime_error{why.data()};
  }
  cluster_.reset(rd_kafka_mock_cluster_new(handle_.get(), brokers));
  rd_kafka_mock_topic_create(cluster_.get(), kTopic, kPartitions, 1);
}

Config MockCluster::config() const {
  Config config;
  config.brokers = rd_kafka_mock_cluster_bootstraps(cluster_.get());
  config.topic = kTopic;
  return config;
}

void MockCluster::refuse_writes(rd_kafka_resp_err_t error, int count) {
  for (int i = 0; i < count; ++i) {
    rd_kafka_mock_push_request_errors_array(cluster_.get(), kProduceRequest, 1, &error);
  }
}

std::vector<testing::StoredRecord> MockCluster::records() const {
  return testing::read_topic(
      {{"bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster_.get())}}, kTopic,
      std::chrono::seconds{30});
}

}  // namespace remora::outputs::kafka
