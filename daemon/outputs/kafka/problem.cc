#include "daemon/outputs/kafka/problem.h"

#include <algorithm>
#include <cstddef>

namespace remora::outputs::kafka {
namespace {

// LIMIT: of what others say.
constexpr std::size_t kMostDetail = 200;

/// Such a librdkafka sends what only brokers before Kafka 4.0 let pass.
std::string_view scram_hint(const Config& config, int version) {
  constexpr int kMended = 0x020601ff;  // librdkafka 2.6.1
  if (!config.sasl.mechanism.starts_with("SCRAM") || version >= kMended) { return ""; }
  return ", and use plain with tls or a client certificate if the broker is Kafka 4.0 or later: "
         "scram wants librdkafka 2.6.1 there";
}

std::string what_and_what_to_do(const Config& config, rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
      return "an event is too large; raise max_record_bytes and the topic's max.message.bytes";
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
      return "the topic refuses the record; look at its settings, such as its schema validation";
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return "there is no such topic; create it, or correct topic";
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return "the sensor may not write to the topic; grant it WRITE and DESCRIBE";
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return "the sensor may not write without duplicates; grant it WRITE on the topic, and "
             "IDEMPOTENT_WRITE on the cluster";
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
      return "a broker does not accept who the sensor says it is; look at sasl" +
             std::string{scram_hint(config, rd_kafka_version())};
    case RD_KAFKA_RESP_ERR__SSL:
      return "no TLS with a broker; look at tls and at the broker's certificate";
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
      return "fewer replicas are in sync than the topic's min.insync.replicas; look at the brokers";
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
      return "the brokers find the time of the record wrong; set the clock of the sensor";
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
      return "no broker is reached; look at brokers and at the network";
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
      return "not confirmed within " + std::to_string(config.timeout.count()) +
             "ms; look at the brokers, or raise timeout";
    default:
      return rd_kafka_err2str(error);
  }
}

}  // namespace

bool is_refusal(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
         error == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE ||
         error == RD_KAFKA_RESP_ERR_INVALID_RECORD;
}

std::string problem_text(const Config& config, rd_kafka_resp_err_t error, std::string_view detail) {
  auto text = "kafka topic " + config.topic + " at " + config.brokers + ": " +
              what_and_what_to_do(config, error);
  if (detail.empty()) { return text; }
  std::string shown{detail.substr(0, kMostDetail)};
  std::ranges::replace_if(
      shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text + " (" + shown + ")";
}

}  // namespace remora::outputs::kafka
