#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace remora::testing {

/// A record as it stands in a topic.
struct StoredRecord {
  std::int32_t partition;
  std::string key;
  std::string value;
  std::map<std::string, std::string> headers;
};

/// Everything that stands in `topic`, partition by partition, in order. `settings` are
/// librdkafka's: "bootstrap.servers" at least. Throws std::runtime_error where the end of a
/// partition is not reached in time.
[[nodiscard]] std::vector<StoredRecord> read_topic(
    const std::map<std::string, std::string>& settings, const std::string& topic,
    std::chrono::seconds limit);

}  // namespace remora::testing
