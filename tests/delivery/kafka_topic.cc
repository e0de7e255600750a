// A topic of Kafka, for tests that have a real broker:
//
//   kafka_topic create SETTINGS TOPIC PARTITIONS [NAME=VALUE…]   with these settings of the topic
//   kafka_topic read SETTINGS TOPIC                              all that stands in it
//
// SETTINGS are librdkafka's, NAME=VALUE separated by semicolons. `read` prints a line for each
// record: its partition, key, event-id, content-type and size, separated by spaces. Waits a minute
// at most; exit code 1 when it could not be done.
#include <array>
#include <chrono>
#include <iostream>
#include <librdkafka/rdkafka.h>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/kafka_reader.h"

namespace {

using Settings = std::map<std::string, std::string>;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kLimit{60};
constexpr int kTryMs = 5'000;

std::pair<std::string, std::string> split_setting(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) { throw std::runtime_error{"NAME=VALUE is wanted"}; }
  return {std::string{text.substr(0, equals)}, std::string{text.substr(equals + 1)}};
}

Settings read_settings(std::string_view text) {
  Settings out;
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    out.insert(split_setting(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

struct Destroy {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
template <typename T>
using Owned = std::unique_ptr<T, Destroy>;

Owned<rd_kafka_t> connect(const Settings& settings) {
  std::array<char, 512> why{};
  auto* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, nullptr);
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK) {
      throw std::runtime_error{why.data()};
    }
  }
  Owned<rd_kafka_t> handle{rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size())};
  if (handle == nullptr) { throw std::runtime_error{why.data()}; }
  return handle;
}

/// Nothing when it is there now, else why not.
std::string try_create(rd_kafka_t* handle, rd_kafka_NewTopic_t* topic) {
  const Owned<rd_kafka_queue_t> queue{rd_kafka_queue_new(handle)};
  rd_kafka_CreateTopics(handle, &topic, 1, nullptr, queue.get());
  const Owned<rd_kafka_event_t> event{rd_kafka_queue_poll(queue.get(), kTryMs)};
  if (event == nullptr) { return "no answer"; }
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return rd_kafka_event_error_string(event.get());
  }
  std::size_t count = 0;
  const auto** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  if (count != 1) { return "no result"; }
  const auto error = rd_kafka_topic_result_error(results[0]);
  const bool there =
      error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS;
  return there ? "" : rd_kafka_err2str(error);
}

void create(const std::vector<std::string>& given) {
  const auto handle = connect(read_settings(given[1]));
  const Owned<rd_kafka_NewTopic_t> topic{
      rd_kafka_NewTopic_new(given[2].c_str(), std::stoi(given[3]), 1, nullptr, 0)};
  for (std::size_t i = 4; i < given.size(); ++i) {
    const auto [name, value] = split_setting(given[i]);
    rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str());
  }
  const auto end = steady_clock::now() + kLimit;
  auto why = try_create(handle.get(), topic.get());
  while (!why.empty() && steady_clock::now() < end) { why = try_create(handle.get(), topic.get()); }
  if (!why.empty()) { throw std::runtime_error{why}; }
}

void read(const std::vector<std::string>& given) {
  for (const auto& record :
       remora::testing::read_topic(read_settings(given[1]), given[2], kLimit)) {
    std::cout << record.partition << ' ' << record.key << ' ' << record.headers.at("event-id")
              << ' ' << record.headers.at("content-type") << ' ' << record.value.size() << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  try {
    if (given.size() >= 4 && given[0] == "create") {
      create(given);
    } else if (given.size() == 3 && given[0] == "read") {
      read(given);
    } else {
      std::cerr << "usage: kafka_topic create SETTINGS TOPIC PARTITIONS [NAME=VALUE…]\n"
                   "       kafka_topic read SETTINGS TOPIC\n";
      return 2;
    }
  } catch (const std::exception& error) {
    std::cerr << "kafka_topic: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
