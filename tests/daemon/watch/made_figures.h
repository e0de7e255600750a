#pragma once

#include "daemon/watch/figures.h"

namespace remora::watch {

/// All that can be counted, each with a number of its own, under names that are hard to write.
[[nodiscard]] inline Figures full_figures() {
  using Where = DropFigures::Where;
  return {
      .version = "1.2.3",
      .started = std::chrono::system_clock::time_point{std::chrono::seconds{1'796'027'466}},
      .interfaces = {{.name = "eth0", .up = true, .packets = 11, .bytes = 12},
                     {.name = "wlan \"1\"\\\n\xff", .up = false, .packets = 13, .bytes = 14}},
      .drops = {{.interface = "eth0", .where = Where::kKernel, .reason = "full", .count = 15},
                {.interface = "eth0", .where = Where::kInterface, .reason = "card", .count = 16},
                {.interface = "", .where = Where::kRing, .reason = "full", .count = 17},
                {.interface = "", .where = Where::kParser, .reason = "memory", .count = 18}},
      .capture_lag = std::chrono::milliseconds{1500},
      .flows = 19,
      .flows_total = 20,
      .sessions_opened = 21,
      .sessions_accepted = 22,
      .events = {{"session_opened", 23}, {"anomaly", 24}},
      .outputs =
          {{.name = "siem", .queued = 25, .sent = 26, .failed = 27, .refused = 28, .skipped = 29}},
      .spool_bytes = 30,
      .given_up = {{"sensor_health", 31}},
      .memory_bytes = {{"sensor", 32}, {"shipper", 33}},
      .reloads_done = 34,
      .reloads_refused = 35};
}

}  // namespace remora::watch
