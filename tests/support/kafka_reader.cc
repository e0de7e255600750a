#include "tests/support/kafka_reader.h"

#include <algorithm>
#include <array>
#include <librdkafka/rdkafka.h>
#include <memory>
#include <set>
#include <stdexcept>

namespace remora::testing {
namespace {

using std::chrono::steady_clock;

struct Destroy {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
  void operator()(const rd_kafka_metadata_t* metadata) const {
    rd_kafka_metadata_destroy(metadata);
  }
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
template <typename T>
using Owned = std::unique_ptr<T, Destroy>;

constexpr int kPollMs = 100;

Owned<rd_kafka_t> make_consumer(const std::map<std::string, std::string>& settings) {
  std::array<char, 512> why{};
  auto* conf = rd_kafka_conf_new();
  auto all = settings;
  all.insert({{"group.id", "remora-test"},
              {"enable.auto.commit", "false"},
              {"enable.partition.eof", "true"},
              {"auto.offset.reset", "error"}});
  for (const auto& [name, value] : all) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(conf);
      throw std::runtime_error{why.data()};
    }
  }
  Owned<rd_kafka_t> consumer{rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size())};
  if (consumer == nullptr) {
    rd_kafka_conf_destroy(conf);
    throw std::runtime_error{why.data()};
  }
  return consumer;
}

int partitions_of(rd_kafka_t* consumer, const std::string& name, steady_clock::time_point end) {
  const Owned<rd_kafka_topic_t> topic{rd_kafka_topic_new(consumer, name.c_str(), nullptr)};
  while (steady_clock::now() < end) {
    const rd_kafka_metadata_t* found = nullptr;
    if (rd_kafka_metadata(consumer, 0, topic.get(), &found, 10 * kPollMs) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
      continue;
    }
    const Owned<const rd_kafka_metadata_t> metadata{found};
    if (metadata->topic_cnt == 1 && metadata->topics[0].partition_cnt > 0) {
      return metadata->topics[0].partition_cnt;
    }
  }
  throw std::runtime_error{"no broker tells of topic " + name};
}

StoredRecord stored(rd_kafka_message_t* message) {
  StoredRecord out{.partition = message->partition,
                   .key = {static_cast<const char*>(message->key), message->key_len},
                   .value = {static_cast<const char*>(message->payload), message->len},
                   .headers = {}};
  rd_kafka_headers_t* headers = nullptr;
  (void)rd_kafka_message_headers(message, &headers);
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       headers != nullptr &&
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    out.headers[name] = {static_cast<const char*>(value), size};
  }
  return out;
}

}  // namespace

std::vector<StoredRecord> read_topic(const std::map<std::string, std::string>& settings,
                                     const std::string& topic, std::chrono::seconds limit) {
  const auto end = steady_clock::now() + limit;
  const auto consumer = make_consumer(settings);
  const int partitions = partitions_of(consumer.get(), topic, end);
  const Owned<rd_kafka_topic_partition_list_t> all{rd_kafka_topic_partition_list_new(partitions)};
  for (int i = 0; i < partitions; ++i) {
    rd_kafka_topic_partition_list_add(all.get(), topic.c_str(), i)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  rd_kafka_assign(consumer.get(), all.get());

  std::vector<StoredRecord> out;
  std::set<int> ended;
  while (ended.size() < static_cast<std::size_t>(partitions)) {
    if (steady_clock::now() >= end) {
      throw std::runtime_error{"the end of topic " + topic + " was not reached"};
    }
    const Owned<rd_kafka_message_t> message{rd_kafka_consumer_poll(consumer.get(), kPollMs)};
    if (message == nullptr) { continue; }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      ended.insert(message->partition);
    } else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      out.push_back(stored(message.get()));
    }
  }
  std::ranges::stable_sort(out, {}, &StoredRecord::partition);
  return out;
}

}  // namespace remora::testing
