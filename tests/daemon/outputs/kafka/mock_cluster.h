#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <memory>
#include <vector>

#include "daemon/outputs/kafka/config.h"
#include "tests/support/kafka_reader.h"

namespace remora::outputs::kafka {

inline constexpr auto kTopic = "events";

/// librdkafka's own brokers, on loopback, in threads of this process.
class MockCluster {
 public:
  explicit MockCluster(int brokers = 1);

  /// Of an output that sends to this cluster.
  [[nodiscard]] Config config() const;

  /// The next `count` requests to write are answered with `error`.
  void refuse_writes(rd_kafka_resp_err_t error, int count);
  void set_down() { rd_kafka_mock_broker_set_down(cluster_.get(), -1); }
  void set_up() { rd_kafka_mock_broker_set_up(cluster_.get(), -1); }
  [[nodiscard]] rd_kafka_mock_cluster_t* get() const { return cluster_.get(); }

  /// What it holds.
  [[nodiscard]] std::vector<testing::StoredRecord> records() const;

 private:
  struct Destroy {
    void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
    void operator()(rd_kafka_mock_cluster_t* cluster) const {
      rd_kafka_mock_cluster_destroy(cluster);
    }
  };

  std::unique_ptr<rd_kafka_t, Destroy> handle_;
  std::unique_ptr<rd_kafka_mock_cluster_t, Destroy> cluster_;
};

}  // namespace remora::outputs::kafka
