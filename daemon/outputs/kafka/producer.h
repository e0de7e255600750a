#pragma once

#include <chrono>
#include <cstdint>
#include <librdkafka/rdkafka.h>
#include <memory>
#include <string>

#include "daemon/outputs/kafka/config.h"
#include "daemon/outputs/kafka/record.h"

namespace remora::outputs::kafka {

/// What became of one record. The producer writes it, so it must outlive the producer or have been
/// reported.
struct Report {
  enum class Fate : std::uint8_t {
    kOpen,         ///< not known yet
    kDelivered,    ///< all replicas in sync have it
    kFailed,       ///< in the producer's hands; it may be in the topic all the same
    kNotProduced,  ///< never in the producer's hands
  };
  Fate fate{Fate::kOpen};
  rd_kafka_resp_err_t error{RD_KAFKA_RESP_ERR_NO_ERROR};  ///< why not
};

/// librdkafka's producer, made for one promise: a record without an error in its report is kept by
/// all replicas in sync, and the records of one key lie in the order in which they were produced.
/// It stops at the first gap in that order; then it must be made anew (`broken`).
///
/// Reports and problems come in only while the calls below run, in the thread that makes them.
class Producer {
 public:
  /// Connects in the background. Null, and why in `problem`, where the configuration cannot be
  /// used, such as a certificate that is not there.
  [[nodiscard]] static std::unique_ptr<Producer> make(const Config& config, std::string& problem);

  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;
  Producer(Producer&&) = delete;
  Producer& operator=(Producer&&) = delete;
  /// Forgets what has no report yet; some of it may be in the topic all the same. Waits for
  /// librdkafka's threads.
  ~Producer() = default;

  /// Hands one record over, copied; waits until `deadline` for room. What cannot be handed over is
  /// reported at once.
  void produce(const Record& record, Report& report,
               std::chrono::steady_clock::time_point deadline);

  /// Waits until nothing is without its report, at most until `deadline` or the end of `broken`.
  void wait(std::chrono::steady_clock::time_point deadline);

  /// No record is accepted any more: the order of the records could not be kept otherwise.
  [[nodiscard]] bool broken() const;

  /// The last thing that librdkafka complained of since `forget_complaint`, or no error.
  [[nodiscard]] rd_kafka_resp_err_t complaint() const { return complaint_; }
  /// The same in words: of librdkafka, OpenSSL or a broker; not trusted.
  [[nodiscard]] const std::string& complaint_text() const { return complaint_text_; }

  void forget_complaint();

 private:
  struct Destroy {
    void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
  };

  Producer() = default;
  void on_complaint(rd_kafka_resp_err_t error, const char* reason);
  [[nodiscard]] rd_kafka_resp_err_t try_produce(const Record& record, Report& report);

  std::string topic_;
  rd_kafka_resp_err_t complaint_{RD_KAFKA_RESP_ERR_NO_ERROR};
  std::string complaint_text_;
  std::unique_ptr<rd_kafka_t, Destroy> handle_;  // the last: its callbacks use the others
};

}  // namespace remora::outputs::kafka
