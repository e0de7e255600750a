#include "daemon/outputs/kafka/producer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace remora::outputs::kafka {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// LIMIT: what waits in librdkafka's queue.
constexpr int kMostQueuedRecords = 10'000;
constexpr std::size_t kMostQueuedKilobytes = 64UL * 1024;
// LIMIT: what a broker may answer; answers to a producer are lists of brokers and partitions.
constexpr std::size_t kMostAnswerBytes = 4UL * 1024 * 1024;
// Between two looks at whether the producer is broken.
constexpr milliseconds kSlice{100};

using Properties = std::vector<std::pair<const char*, std::string>>;

const char* protocol(bool encrypted, bool authenticated) {
  if (authenticated) { return encrypted ? "sasl_ssl" : "sasl_plaintext"; }
  return encrypted ? "ssl" : "plaintext";
}

void add_tls(const delivery::TlsSettings& tls, Properties& out) {
  out.emplace_back("enable.ssl.certificate.verification", tls.verify ? "true" : "false");
  out.emplace_back("ssl.endpoint.identification.algorithm", tls.verify ? "https" : "none");
  if (!tls.ca_file.empty()) { out.emplace_back("ssl.ca.location", tls.ca_file); }
  if (!tls.certificate_file.empty()) {
    out.emplace_back("ssl.certificate.location", tls.certificate_file);
  }
  if (!tls.key_file.empty()) { out.emplace_back("ssl.key.location", tls.key_file); }
}

Properties properties(const Config& config) {
  // An unknown topic is told of before the batch's time is over.
  const auto topic_wait = std::min(config.timeout / 2, milliseconds{10'000});
  Properties out{
      {"bootstrap.servers", config.brokers},
      {"client.id", "remora"},
      {"security.protocol", protocol(config.tls.enabled, !config.sasl.mechanism.empty())},
      {"enable.idempotence", "true"},  // implies acks=all, and order
      {"enable.gapless.guarantee", "true"},
      {"acks", "all"},
      // The spool is the patience; the time of a batch is kept by `wait`.
      {"message.timeout.ms", "0"},
      {"linger.ms", std::to_string(config.linger.count())},
      {"compression.type", config.compression},
      {"message.max.bytes", std::to_string(config.max_record_bytes)},
      {"batch.size", std::to_string(config.max_record_bytes)},
      {"queue.buffering.max.messages", std::to_string(kMostQueuedRecords)},
      {"queue.buffering.max.kbytes", std::to_string(kMostQueuedKilobytes)},
      {"receive.message.max.bytes", std::to_string(kMostAnswerBytes)},
      // A topic made by a slip of the pen would have one partition and one replica.
      {"allow.auto.create.topics", "false"},
      {"topic.metadata.propagation.max.ms", std::to_string(topic_wait.count())},
      // What producers in Java use: topics keyed alike can be joined partition by partition.
      {"partitioner", "murmur2_random"},
      {"socket.keepalive.enable", "true"},
  };
  if (config.tls.enabled) { add_tls(config.tls, out); }
  if (!config.sasl.mechanism.empty()) {
    out.emplace_back("sasl.mechanism", config.sasl.mechanism);
    out.emplace_back("sasl.username", config.sasl.username);
    out.emplace_back("sasl.password", config.sasl.password);
  }
  return out;
}

struct DestroyConf {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};

struct DestroyHeaders {
  void operator()(rd_kafka_headers_t* headers) const { rd_kafka_headers_destroy(headers); }
};

void on_report(rd_kafka_t* /*handle*/, const rd_kafka_message_t* message, void* /*opaque*/) {
  auto& report = *static_cast<Report*>(message->_private);
  report.error = message->err;
  report.fate =
      message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? Report::Fate::kDelivered : Report::Fate::kFailed;
}

int slice_until(steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::clamp(left, milliseconds{0}, kSlice).count());
}

}  // namespace

std::unique_ptr<Producer> Producer::make(const Config& config, std::string& problem) {
  std::array<char, 512> why{};
  std::unique_ptr<rd_kafka_conf_t, DestroyConf> conf{rd_kafka_conf_new()};
  for (const auto& [name, value] : properties(config)) {
    if (rd_kafka_conf_set(conf.get(), name, value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK) {
      // librdkafka's own text repeats the value, which may be a secret.
      problem = std::string{"librdkafka does not take the value of "} + name;
      return nullptr;
    }
  }

  std::unique_ptr<Producer> made{new Producer};
  made->topic_ = config.topic;
  rd_kafka_conf_set_opaque(conf.get(), made.get());
  rd_kafka_conf_set_dr_msg_cb(conf.get(), on_report);
  rd_kafka_conf_set_error_cb(conf.get(), [](rd_kafka_t* /*handle*/, int error, const char* reason,
                                            void* opaque) {
    static_cast<Producer*>(opaque)->on_complaint(static_cast<rd_kafka_resp_err_t>(error), reason);
  });
  // Nothing goes to standard error: what matters comes as a complaint, too.
  rd_kafka_conf_set_log_cb(conf.get(), nullptr);

  made->handle_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), why.data(), why.size()));
  if (made->handle_ == nullptr) {
    problem = why.data();
    return nullptr;
  }
  (void)conf.release();  // it belongs to the producer now
  return made;
}

rd_kafka_resp_err_t Producer::try_produce(const Record& record, Report& report) {
  std::unique_ptr<rd_kafka_headers_t, DestroyHeaders> headers{
      rd_kafka_headers_new(record.headers.size())};
  for (const auto& header : record.headers) {
    constexpr ssize_t kUntilItsEnd = -1;
    (void)rd_kafka_header_add(headers.get(), header.name, kUntilItsEnd, header.value.data(),
                              static_cast<ssize_t>(header.value.size()));
  }
  // Not by librdkafka's macros, which cast as C does.
  const auto error = rd_kafka_producev(
      handle_.get(), RD_KAFKA_VTYPE_TOPIC, topic_.c_str(), RD_KAFKA_VTYPE_MSGFLAGS,
      RD_KAFKA_MSG_F_COPY, RD_KAFKA_VTYPE_KEY, record.key.data(), record.key.size(),
      RD_KAFKA_VTYPE_VALUE, record.value.data(), record.value.size(), RD_KAFKA_VTYPE_HEADERS,
      headers.get(), RD_KAFKA_VTYPE_OPAQUE, static_cast<void*>(&report), RD_KAFKA_VTYPE_END);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) { (void)headers.release(); }  // the record's now
  return error;
}

void Producer::produce(const Record& record, Report& report, steady_clock::time_point deadline) {
  auto error = try_produce(record, report);
  while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL && steady_clock::now() < deadline && !broken()) {
    rd_kafka_poll(handle_.get(), slice_until(deadline));
    error = try_produce(record, report);
  }
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    report = {.fate = Report::Fate::kNotProduced, .error = error};
  }
}

void Producer::wait(steady_clock::time_point deadline) {
  // Flushing, unlike polling, sends at once what lingers.
  while (rd_kafka_flush(handle_.get(), slice_until(deadline)) != RD_KAFKA_RESP_ERR_NO_ERROR &&
         steady_clock::now() < deadline && !broken()) {}
}

bool Producer::broken() const {
  return rd_kafka_fatal_error(handle_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

void Producer::forget_complaint() {
  complaint_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  complaint_text_.clear();
}

void Producer::on_complaint(rd_kafka_resp_err_t error, const char* reason) {
  // That none is left says less than why the last one left.
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && complaint_ != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return;
  }
  if (error == RD_KAFKA_RESP_ERR__FATAL) {
    std::array<char, 512> why{};
    complaint_ = rd_kafka_fatal_error(handle_.get(), why.data(), why.size());
    complaint_text_ = why.data();
    return;
  }
  complaint_ = error;
  complaint_text_ = reason;
}

}  // namespace remora::outputs::kafka
