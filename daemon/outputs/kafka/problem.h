#pragma once

#include <librdkafka/rdkafka.h>
#include <string>
#include <string_view>

#include "daemon/outputs/kafka/config.h"

namespace remora::outputs::kafka {

/// The brokers will never take this record, however often it is sent. Said of several records that
/// were sent as one, it holds for at least one of them only.
[[nodiscard]] bool is_refusal(rd_kafka_resp_err_t error);

/// What went wrong, where, and what to do. `detail` is added when it is not empty: printable
/// characters only, at most 200 bytes.
[[nodiscard]] std::string problem_text(const Config& config, rd_kafka_resp_err_t error,
                                       std::string_view detail);

}  // namespace remora::outputs::kafka
