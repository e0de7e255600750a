#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace remora::cli {

/// What `--stats` reports of a run, over all its captures.
struct ReplayStats {
  std::uint64_t packets{0};
  std::uint64_t bytes{0};  ///< on the wire
  std::uint64_t flows{0};
  std::map<std::string, std::uint64_t> drops;  ///< by reason
  std::map<std::string, std::uint64_t> events_by_kind;
  /// What became of the events at each output of the configuration: "sent", "refused", "skipped",
  /// "failures", "waiting".
  std::map<std::string, std::map<std::string, std::uint64_t>> outputs;
  std::map<std::string, std::uint64_t> given_up;  ///< by kind: had no room in the spool
  std::map<std::string, std::uint64_t> left_out;  ///< by reason: the configuration does not want it
  bool truncated{false};
  std::chrono::duration<double> elapsed{0};

  /// One JSON object with a line feed behind it.
  [[nodiscard]] std::string to_json() const;
};

/// Largest resident size of this process so far, in bytes.
[[nodiscard]] std::uint64_t peak_rss_bytes();

}  // namespace remora::cli
